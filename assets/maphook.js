// A classic script between Dash's scripts and its start: remembers every Leaflet map from the moment it is made.
(function remember() {
  "use strict";
  window.onenetMaps = [];
  window.L.Map.addInitHook(function made() {
    window.onenetMaps.push(this);
    document.dispatchEvent(new CustomEvent("onenet:map", { detail: this }));
  });
})();
