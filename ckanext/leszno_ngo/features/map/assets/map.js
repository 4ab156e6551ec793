/* A map of points, drawn by Leaflet. Leaflet and the points are fetched from this portal, and
 * nothing from the tiles' server before the map is shown, so that a page with a button does not
 * tell that server who reads it.
 *
 * leaflet             - address of Leaflet's folder on this portal
 * label               - name of the map
 * data                - address of a GeoJSON with points: title, kind, when, address, url; or
 * latitude, longitude, title - the one point of the map
 * button              - text of a button that shows the map; without it it is shown at once
 * tiles, attribution, terms  - address template with {z}, {x}, {y}; whose map it is; their page
 * zoomIn, zoomOut, close, many, shown, failed - texts; {n} is a number
 */
ckan.module("leszno-ngo-map", function ($) {
  "use strict";
  var CELL = 44; // pixels: points closer than a fingertip are one group
  var LISTED = 12; // entries of a group that are listed at once; a larger one is zoomed into
  var CLOSE = 16; // zoom of a street
  var loading = null;

  function load(folder) {
    if (!loading) {
      $('<link rel="stylesheet">').attr("href", folder + "leaflet.css").appendTo("head");
      loading = new Promise(function (resolve, reject) {
        var script = document.createElement("script");
        script.src = folder + "leaflet.js";
        script.onload = resolve;
        script.onerror = reject;
        document.head.appendChild(script);
      });
    }
    return loading;
  }

  function pin(text) {
    return window.L.divIcon({
      className: text ? "ln-pin ln-pin-many" : "ln-pin",
      html: $("<span>").text(text || "").prop("outerHTML"),
      iconSize: text ? [38, 38] : [26, 26],
    });
  }

  function entry(said) {
    var lines = [said.kind, said.when, said.address].filter(Boolean);
    var title = said.url ? $("<a>").attr("href", said.url) : $("<strong>");
    return $("<li>").append(title.text(said.title), lines.map(function (line) {
      return $('<span class="ln-popup-line">').text(line);
    }));
  }

  return {
    options: {
      leaflet: "", label: "", data: "", latitude: 0, longitude: 0, title: "", button: "",
      tiles: "", attribution: "", terms: "",
      zoomIn: "", zoomOut: "", close: "", many: "", shown: "", failed: "",
    },

    initialize: function () {
      $.proxyAll(this, /_on/);
      this.status = $('<p class="ln-small" role="status">').appendTo(this.el);
      if (!this.options.button) {
        this._onShow();
        return;
      }
      this.button = $('<button type="button" class="btn btn-secondary">').text(this.options.button);
      this.button.on("click", this._onShow).prependTo(this.el);
    },

    _onShow: function () {
      Promise.all([this._points(), load(this.options.leaflet)]).then(this._onReady).catch(this._onFailure);
    },

    _points: function () {
      if (!this.options.data) {
        var said = { title: this.options.title };
        return Promise.resolve([{ at: [this.options.latitude, this.options.longitude], said: said }]);
      }
      return fetch(this.options.data).then(function (response) {
        if (!response.ok) { throw new Error("HTTP " + response.status); }
        return response.json();
      }).then(function (collection) {
        return collection.features.map(function (feature) {
          var place = feature.geometry.coordinates;
          return { at: [place[1], place[0]], said: feature.properties };
        });
      });
    },

    _onFailure: function (error) {
      this.status.text(this.options.failed).addClass("ln-error");
      window.console.error("The map is not shown", error);
    },

    _onReady: function (answers) {
      this.points = answers[0];
      var frame = $('<div class="ln-map-frame" role="region">').attr("aria-label", this.options.label);
      this.el.prepend(frame);
      this._draw(frame[0]);
      if (this.button) {
        this.button.remove();
        frame.trigger("focus");
      } else {
        this.status.text(this.options.shown.replace("{n}", this.points.length));
      }
    },

    _draw: function (frame) {
      var L = window.L;
      var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.map = L.map(frame, {
        zoomControl: false, scrollWheelZoom: false, maxZoom: 19,
        fadeAnimation: false, // a popup is readable at once
        zoomAnimation: !still, inertia: !still,
      });
      L.control.zoom({ position: "bottomright", zoomInTitle: this.options.zoomIn, zoomOutTitle: this.options.zoomOut }).addTo(this.map);
      L.control.scale({ imperial: false }).addTo(this.map);
      this.map.attributionControl.setPrefix(false).setPosition("bottomleft");
      if (this.options.tiles) {
        L.tileLayer(this.options.tiles, {
          attribution: this._attribution(),
          maxZoom: 19,
          referrerPolicy: "strict-origin-when-cross-origin",
        }).addTo(this.map);
      }
      this.markers = L.layerGroup().addTo(this.map);
      this.map.fitBounds(this._bounds(this.points), { padding: [30, 30], maxZoom: CLOSE });
      this._onZoom();
      this.map.on("zoomend", this._onZoom).on("popupopen", this._onPopup).on("popupclose", this._onClosed);
    },

    _attribution: function () {
      var text = $("<span>").text(this.options.attribution);
      if (!this.options.terms) { return text.prop("outerHTML"); }
      return $("<a>").attr("href", this.options.terms).append(text).prop("outerHTML");
    },

    _bounds: function (points) {
      return window.L.latLngBounds(points.map(function (point) { return point.at; }));
    },

    /* Points that would lie on one another at this zoom, together. The first point of a group is
     * its place: groups are never closer to one another than a cell. */
    _groups: function () {
      var map = this.map;
      var groups = [];
      var cells = new Map();
      this.points.forEach(function (point) {
        var at = map.project(point.at);
        var cell = at.divideBy(CELL).floor();
        var near = null;
        for (var x = cell.x - 1; x <= cell.x + 1 && !near; x++) {
          for (var y = cell.y - 1; y <= cell.y + 1 && !near; y++) {
            near = (cells.get(x + ":" + y) || []).find(function (group) { return group.at.distanceTo(at) < CELL; });
          }
        }
        if (near) {
          near.points.push(point);
          return;
        }
        var group = { at: at, points: [point] };
        var key = cell.x + ":" + cell.y;
        cells.set(key, (cells.get(key) || []).concat(group));
        groups.push(group);
      });
      return groups.map(function (group) { return group.points; });
    },

    _onZoom: function () {
      var had = document.activeElement;
      this.markers.clearLayers();
      this._groups().forEach(function (group) { this._mark(group); }, this);
      // What had the focus is gone from the page: the map itself takes it.
      if (had !== document.activeElement && this.el[0].contains(this.map.getContainer())) {
        this.map.getContainer().focus({ preventScroll: true });
      }
    },

    _mark: function (group) {
      var alone = group.length === 1;
      var many = this.options.many.replace("{n}", group.length);
      var bounds = this._bounds(group);
      var label = alone ? [group[0].said.title, group[0].said.kind].filter(Boolean).join(", ") : many;
      var marker = window.L.marker(group[0].at, {
        icon: pin(alone ? "" : String(group.length)),
        title: label,
        riseOnHover: true,
      }).addTo(this.markers);
      marker.getElement().setAttribute("aria-label", label);
      if (group.length > LISTED && !bounds.getNorthEast().equals(bounds.getSouthWest())) {
        marker.on("click keypress", function (event) {
          var key = event.originalEvent && event.originalEvent.key;
          if (event.type === "click" || key === "Enter") {
            this.map.fitBounds(bounds, { padding: [30, 30] });
          }
        }, this);
        return;
      }
      marker.bindPopup(function () {
        var list = $('<ul class="ln-plain">').append(group.map(function (point) { return entry(point.said); }));
        return $("<div>").append(alone ? "" : $("<strong>").text(many), list)[0];
      }, { maxHeight: 260, autoPanPadding: [12, 12] });
    },

    _onPopup: function (event) {
      var popup = event.popup.getElement();
      this.opener = event.popup._source && event.popup._source.getElement();
      $(popup).attr({ role: "dialog", "aria-label": $(this.opener).attr("aria-label") });
      $(popup).find(".leaflet-popup-close-button").attr({ "aria-label": this.options.close, title: this.options.close });
      // Leaflet itself hears Escape only while the focus is on the map, not in the popup.
      $(popup).on("keydown", function (pressed) {
        if (pressed.key === "Escape") { event.popup.close(); }
      });
      var first = $(popup).find(".leaflet-popup-content a, .leaflet-popup-close-button")[0];
      if (first) { first.focus({ preventScroll: true }); }
    },

    _onClosed: function () {
      if (this.opener && document.contains(this.opener)) { this.opener.focus({ preventScroll: true }); }
    },
  };
});
