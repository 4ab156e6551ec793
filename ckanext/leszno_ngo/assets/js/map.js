/* A small map of one place, made of tiles; nothing is fetched before the person asks for it, so
 * that no page tells a map's server who reads it.
 *
 * latitude, longitude - degrees
 * tiles               - address template with {z}, {x}, {y}
 * attribution         - whose map it is
 * show                - text of the button
 * label               - name of the map
 */
ckan.module("leszno-ngo-map", function ($) {
  "use strict";
  var ZOOM = 16;
  var TILE = 256; // pixels

  return {
    options: { latitude: 0, longitude: 0, tiles: "", attribution: "", show: "", label: "" },

    initialize: function () {
      $.proxyAll(this, /_on/);
      this.button = $('<button type="button" class="btn btn-secondary">').text(this.options.show);
      this.button.on("click", this._onShow).appendTo(this.el);
    },

    /* Web Mercator: where a place is, counted in tiles from the corner of the world. */
    _position: function () {
      var count = Math.pow(2, ZOOM);
      var latitude = (Number(this.options.latitude) * Math.PI) / 180;
      return {
        x: ((Number(this.options.longitude) + 180) / 360) * count,
        y: ((1 - Math.asinh(Math.tan(latitude)) / Math.PI) / 2) * count,
      };
    },

    _onShow: function () {
      var place = this._position();
      var map = $('<div class="ln-map-frame" role="img" tabindex="-1">').attr("aria-label", this.options.label);
      for (var dx = -1; dx <= 1; dx++) {
        for (var dy = -1; dy <= 1; dy++) {
          map.append(this._tile(Math.floor(place.x) + dx, Math.floor(place.y) + dy, place));
        }
      }
      map.append('<span class="ln-map-pin" aria-hidden="true"></span>');
      this.button.replaceWith(map);
      this.el.append($('<p class="ln-small">').text(this.options.attribution));
      map.trigger("focus");
    },

    _tile: function (x, y, place) {
      var url = this.options.tiles.replace("{z}", ZOOM).replace("{x}", x).replace("{y}", y);
      return $('<img alt="" referrerpolicy="strict-origin-when-cross-origin">').attr("src", url).css({
        left: "calc(50% + " + Math.round((x - place.x) * TILE) + "px)",
        top: "calc(50% + " + Math.round((y - place.y) * TILE) + "px)",
      });
    },
  };
});
