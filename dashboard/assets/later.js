// Charts out of sight are drawn when the browser has nothing else to do, nearest first, so that a page stands as soon
// as its first screenful does. Before printing all are drawn.
(function () {
  var waiting = [], isAsked = false;

  function distance(chart) {
    var box = chart.getBoundingClientRect();
    return Math.max(0, box.top - window.innerHeight, -box.bottom);
  }

  function drawNearest() {
    isAsked = false;
    waiting = waiting.filter(function (one) { return one.chart.isConnected || one.drop(); });
    if (!waiting.length) { return; }
    var next = waiting.reduce(function (one, other) {
      return distance(other.chart) < distance(one.chart) ? other : one;
    });
    waiting.splice(waiting.indexOf(next), 1);
    next.draw();
    ask();
  }

  function ask() {
    if (waiting.length && !isAsked) {
      isAsked = true;
      window.requestIdleCallback(drawNearest, { timeout: 1000 });
    }
  }

  function postpone(plotly) {
    var react = plotly.react;
    plotly.react = function (chart) {
      var given = arguments;
      function now() { return react.apply(null, given); }
      if (chart._fullLayout || !distance(chart)) { return now(); }
      return new Promise(function (told) {
        waiting.push({ chart: chart, draw: function () { told(now()); }, drop: function () { told(chart); } });
        ask();
      });
    };
  }

  // Dash takes what is here for Plotly, waits for it where it is a promise, and would load 5 MB again where nothing is.
  var script = document.querySelector("script[src*='/plotly/']");
  window.Plotly = new Promise(function (loaded, failed) {
    script.addEventListener("error", failed);
    script.addEventListener("load", function () {
      postpone(window.Plotly);
      loaded(window.Plotly);
    });
  });
  window.addEventListener("beforeprint", function () {
    while (waiting.length) { waiting.shift().draw(); }
  });
}());
