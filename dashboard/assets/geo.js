// Plotly's maps ask a distant host for borders even when they are hidden; an empty answer given beforehand stops that.
(function () {
  var nothing = function () { return { type: "GeometryCollection", geometries: [] }; };
  var empty = {
    type: "Topology", arcs: [], transform: { scale: [1, 1], translate: [0, 0] },
    objects: { coastlines: nothing(), land: nothing(), ocean: nothing(), lakes: nothing(), rivers: nothing(),
               countries: nothing(), subunits: nothing() }
  };
  var topojson = {};
  ["world", "usa", "europe", "asia", "africa", "north-america", "south-america", "antarctica", "oceania"].forEach(
    function (scope) { topojson[scope + "_110m"] = empty; topojson[scope + "_50m"] = empty; });
  window.PlotlyGeoAssets = { topojson: topojson };
}());
