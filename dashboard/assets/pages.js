// A panel's downloads follow the address, which moves with the controls while the page stands still.
document.addEventListener("click", function (event) {
  var link = event.target.closest && event.target.closest("a.download");
  if (link) { link.search = window.location.search; }
}, true);
