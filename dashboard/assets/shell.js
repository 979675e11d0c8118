// What the browser does alone: the address keeps the state, panels switch between chart and table.
(function () {
  window["dayjs_locale_zh-cn"] = window.dayjs_locale_zh_cn;
  var unchanged = function () { return window.dash_clientside.no_update; };

  function withKey(key, value) {
    var query = new URLSearchParams(window.location.search);
    if (value === null || value === undefined || value === "") { query.delete(key); } else { query.set(key, value); }
    var text = query.toString();
    return text ? "?" + text : "";
  }

  function change(key, value, standard) {
    var now = new URLSearchParams(window.location.search).get(key) || standard;
    if (value === undefined || value === null || value === now) { return unchanged(); }
    return withKey(key, value);
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    hallsite: {
      switchLanguage: function (value) {
        document.documentElement.lang = value === "zh" ? "zh-Hans" : "en";
        return change("lang", value, "en");
      },
      switchTheme: function (value) { return change("theme", value, "light"); },
      // Until a reader chooses a run the address names none, and the newest is shown.
      switchRun: function (value) {
        return change("run", value, document.getElementById("screen").dataset.run);
      },
      tellAddress: function (state) {
        if (!state) { return unchanged(); }
        var query = new URLSearchParams(window.location.search);
        Object.keys(state).forEach(function (key) {
          var value = state[key];
          if (value === null || value === "") { query.delete(key); } else { query.set(key, value); }
        });
        var text = query.toString();
        // Written without telling the router: the page already shows this state.
        window.history.replaceState(window.history.state, "", window.location.pathname + (text ? "?" + text : ""));
        return unchanged();
      },
      switchAgainst: function (value) {
        if (!window.dash_clientside.callback_context.triggered.length) { return unchanged(); }
        var now = new URLSearchParams(window.location.search).get("against");
        return (value || null) === now ? unchanged() : withKey("against", value);
      },
      switchBase: function (value) {
        var link = document.getElementById("whatif-base");
        var query = new URLSearchParams(window.location.search);
        if (!value || !link || value === (query.get("base") || document.getElementById("whatif").dataset.base)) {
          return unchanged();
        }
        ["set", "job", "of"].forEach(function (key) { query.delete(key); });
        query.set("base", value);
        return "?" + query.toString();
      },
      // An upload's own field has no name that could be given to it from the server.
      nameUploads: function (told) {
        var tries = 0;
        (function name() {
          var fields = document.querySelectorAll(".upload input[type=file]");
          fields.forEach(function (field) {
            field.setAttribute("aria-label", field.closest("[aria-label]:not(input)").getAttribute("aria-label"));
          });
          if (!fields.length && (tries++ < 50 || document.querySelector(".own-data"))) { window.setTimeout(name, 100); }
        }());
        return unchanged();
      },
      // A view that is still asked for is not asked for again: Dash drops the question under way for a newer one, and
      // where an answer takes longer than a beat none would ever come.
      beat: function (ticks, place) {
        return document.querySelector("#" + place + "[data-dash-is-loading]") ? unchanged() : ticks;
      },
      switchPanel: function (view) { return "panel-body shows-" + view; },
      showTable: function (view, table) { return view === "table" ? table : null; },
      print: function (clicks) { if (clicks) { window.print(); } return unchanged(); }
    }
  });
}());

// A file that was mended is chosen again under its old name: the field must have forgotten it to notice.
document.addEventListener("change", function (event) {
  if (event.target.matches(".upload input[type=file]")) {
    window.setTimeout(function () { event.target.value = ""; }, 0);
  }
});

// Charts keep the size of the screen on paper unless they are told the size of the sheet.
(function () {
  var sheet = { width: 325, height: 350, "font.size": 9, "legend.font.size": 8, "xaxis.tickfont.size": 8,
                "yaxis.tickfont.size": 8, "xaxis.title.font.size": 8 };
  var before = { width: null, height: null, autosize: true, "font.size": 13, "legend.font.size": 12,
                 "xaxis.tickfont.size": 12, "yaxis.tickfont.size": 12, "xaxis.title.font.size": 12 };
  function charts() { return document.querySelectorAll(".brief .js-plotly-plot"); }
  window.addEventListener("beforeprint", function () {
    charts().forEach(function (chart) {
      var margin = chart.layout.margin;
      chart.marginOnScreen = margin;  // smaller letters want less of it: as little as there is, and Plotly adds to it
      var least = Object.assign({}, margin, { l: Math.min(8, margin.l), b: Math.min(8, margin.b) });
      window.Plotly.relayout(chart, Object.assign({ margin: least }, sheet));
    });
  });
  window.addEventListener("afterprint", function () {
    charts().forEach(function (chart) {
      // A legend is placed by the room that charts had before; drawn once more, by the room they have.
      window.Plotly.relayout(chart, Object.assign({ margin: chart.marginOnScreen }, before)).then(window.Plotly.redraw);
    });
  });
}());
