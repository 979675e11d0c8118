// A click anywhere on the map asks about that place: latency and law are then told from the users nearest to it.
(function () {
  var pressed = null;

  function geo(event) {
    var chart = document.querySelector("#map-plan-figure .js-plotly-plot");
    if (!chart || !chart._fullLayout || !chart._fullLayout.geo) { return null; }
    var box = chart.getBoundingClientRect();
    var inside = event.clientX >= box.left && event.clientX <= box.right
      && event.clientY >= box.top && event.clientY <= box.bottom;
    return inside && !(event.target.closest && event.target.closest(".modebar, .legend")) ? chart : null;
  }

  function place(chart, event) {
    var projection = chart._fullLayout.geo._subplot && chart._fullLayout.geo._subplot.projection;
    var box = chart.getBoundingClientRect();
    return projection ? projection.invert([event.clientX - box.left, event.clientY - box.top]) : null;
  }

  function nearest(chart, at) {
    var best = null, least = Infinity, narrow = Math.cos(at[1] * Math.PI / 180);
    chart.data.forEach(function (trace) {
      (trace.customdata || []).forEach(function (told, number) {
        if (!told || told[0] !== "origin") { return; }
        var east = (trace.lon[number] - at[0]) * narrow, north = trace.lat[number] - at[1];
        if (east * east + north * north < least) { least = east * east + north * north; best = told[1]; }
      });
    });
    return best;
  }

  document.addEventListener("mousedown", function (event) { pressed = geo(event) ? event : null; }, true);
  document.addEventListener("mouseup", function (event) {
    var chart = pressed && geo(event);
    var moved = pressed ? Math.abs(event.clientX - pressed.clientX) + Math.abs(event.clientY - pressed.clientY) : 0;
    pressed = null;
    var layer = new URLSearchParams(window.location.search).get("layer");
    if (!chart || moved > 4 || (layer !== "latency" && layer !== "law")) { return; }
    var at = place(chart, event);
    var origin = at && at.every(isFinite) ? nearest(chart, at) : null;
    if (origin) { window.dash_clientside.set_props("map-origin", { value: origin }); }
  }, true);
}());
