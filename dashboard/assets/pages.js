// A panel's downloads follow the address, which moves with the controls while the page stands still.
document.addEventListener("click", function (event) {
  var link = event.target.closest && event.target.closest("a.download");
  if (link) { link.search = window.location.search; }
}, true);
// The address follows the controls: `<page>-<key>` stands there as `key`. Nothing is told before one moves.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  pages: {
    tell: function () {
      var context = window.dash_clientside.callback_context;
      var moved = (context.triggered || []).some(function (input) { return input.prop_id !== "."; });
      if (!moved) { return window.dash_clientside.no_update; }
      var state = {};
      context.inputs_list.forEach(function (input) {
        var value = Array.isArray(input.value) ? input.value.join(",") : input.value;
        state[input.id.slice(input.id.indexOf("-") + 1)] = value === null || value === undefined ? "" : String(value);
      });
      return state;
    }
  }
});
