// A panel's downloads follow the address, which moves with the controls while the page stands still. The address moves
// at once and the figures a moment later: a click in between waits, so that what is taken away is what is seen.
(function () {
  function isRedrawn(panel) {
    return panel && panel.querySelector("[data-dash-is-loading]") !== null;
  }
  function clickWhenDrawn(link, panel) {
    if (isRedrawn(panel)) { window.setTimeout(clickWhenDrawn, 30, link, panel); } else { link.click(); }
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a.download");
    if (!link) { return; }
    var panel = link.closest(".panel");
    if (isRedrawn(panel)) {
      event.preventDefault();
      clickWhenDrawn(link, panel);
      return;
    }
    var query = new URLSearchParams(window.location.search);
    // An address without a run means the newest; the page may be older than that.
    var shown = document.getElementById("screen").dataset.run;
    if (shown && !query.has("run")) { query.set("run", shown); }
    link.search = query.toString();
  }, true);
}());
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
