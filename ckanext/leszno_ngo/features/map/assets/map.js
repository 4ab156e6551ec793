/* A map of points over the outline of the municipality, drawn by Leaflet. All of it is fetched from
 * this portal, and nothing from the tiles' server before a button is pressed, so that a page does
 * not tell that server who reads it.
 *
 * leaflet             - address of Leaflet's folder on this portal
 * label               - name of the map
 * points              - address of a GeoJSON with points: title, kind, when, address, url; or
 * latitude, longitude, title - the one point of the map
 * outline             - address of a GeoJSON with areas (name), the municipality first
 * button              - text of a button that shows the map; without it it is shown at once
 * streets             - text of a button under a map that is shown at once, which fetches tiles
 * tiles, attribution, terms  - address template with {z}, {x}, {y}; whose map it is; their page
 * zoomIn, zoomOut, close, many, shown, failed - texts; {n} is a number
 */
(function () {
  "use strict";
  var element = lesznoNgo.element;
  var CELL = 44; // pixels: points closer than a fingertip are one group
  var LISTED = 12; // entries of a group that are listed at once; a larger one is zoomed into
  var CLOSE = 16; // zoom of a street
  var loading = null;

  function load(folder) {
    if (!loading) {
      document.head.append(element("link", { rel: "stylesheet", href: folder + "leaflet.css" }));
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
      html: element("span", {}, text || "").outerHTML,
      iconSize: text ? [38, 38] : [26, 26],
    });
  }

  function entry(said) {
    var lines = [said.kind, said.when, said.address].filter(Boolean);
    var title = said.url
      ? element("a", { href: said.url }, said.title)
      : element("strong", {}, said.title);
    return element("li", {}, [title].concat(lines.map(function (line) {
      return element("span", { class: "ln-popup-line" }, line);
    })));
  }

  lesznoNgo.component("map", {
    options: {
      leaflet: "", label: "", points: "", latitude: 0, longitude: 0, title: "", button: "",
      outline: "", streets: "", tiles: "", attribution: "", terms: "",
      zoomIn: "", zoomOut: "", close: "", many: "", shown: "", failed: "",
    },

    initialize: function () {
      this.status = element("p", { class: "ln-small", role: "status" });
      this.el.append(this.status);
      if (!this.options.button) {
        this._onShow();
        return;
      }
      var button = { type: "button", class: "btn btn-secondary" };
      this.button = element("button", button, this.options.button);
      this.button.addEventListener("click", this._onShow);
      this.el.prepend(this.button);
    },

    _onShow: function () {
      Promise.all([this._points(), this._areas(), load(this.options.leaflet)]).then(this._onReady).catch(this._onFailure);
    },

    _points: function () {
      if (!this.options.points) {
        var said = { title: this.options.title };
        var at = [Number(this.options.latitude), Number(this.options.longitude)];
        return Promise.resolve([{ at: at, said: said }]);
      }
      return fetch(this.options.points).then(function (response) {
        if (!response.ok) { throw new Error("HTTP " + response.status); }
        return response.json();
      }).then(function (collection) {
        return collection.features.map(function (feature) {
          var place = feature.geometry.coordinates;
          return { at: [place[1], place[0]], said: feature.properties };
        });
      });
    },

    /* The outline alone is no reason to have no map. */
    _areas: function () {
      if (!this.options.outline) { return null; }
      return fetch(this.options.outline).then(function (response) {
        return response.ok ? response.json() : null;
      }).catch(function () { return null; });
    },

    _onFailure: function (error) {
      this.status.textContent = this.options.failed;
      this.status.classList.add("ln-error");
      window.console.error("The map is not shown", error);
    },

    _onReady: function (answers) {
      this.points = answers[0];
      this.areas = answers[1];
      var named = { class: "ln-map-frame", role: "region", "aria-label": this.options.label };
      var frame = element("div", named);
      this.el.prepend(frame);
      this._draw(frame);
      if (this.button) {
        this.button.remove();
        frame.focus();
      } else {
        this.status.textContent = this.options.shown.replace("{n}", this.points.length);
        this._offerStreets();
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
      if (this.areas) { this._drawAreas(); }
      if (this.button) { this._onStreets(); }
      this.markers = L.layerGroup().addTo(this.map);
      this.map.fitBounds(this._view(), { padding: [30, 30], maxZoom: CLOSE });
      this._onZoom();
      this.map.on("zoomend", this._onZoom).on("popupopen", this._onPopup).on("popupclose", this._onClosed);
    },

    _offerStreets: function () {
      if (!this.options.tiles || !this.options.streets) { return; }
      var button = { type: "button", class: "btn btn-secondary" };
      this.streets = element("button", button, this.options.streets);
      this.streets.addEventListener("click", this._onStreets);
      this.el.append(this.streets);
    },

    _onStreets: function () {
      if (!this.options.tiles) { return; }
      window.L.tileLayer(this.options.tiles, {
        attribution: this._attribution(),
        maxZoom: 19,
        referrerPolicy: "strict-origin-when-cross-origin",
      }).addTo(this.map);
      this.el.classList.add("ln-with-tiles");
      if (this.streets) {
        this.streets.remove();
        this.map.getContainer().focus({ preventScroll: true });
      }
    },

    _drawAreas: function () {
      var L = window.L;
      var own = this.areas.features[0];
      var areas = L.geoJSON(this.areas, {
        interactive: false,
        style: function (area) {
          return { className: area === own ? "ln-outline ln-outline-own" : "ln-outline", fillOpacity: 1 };
        },
      }).addTo(this.map);
      areas.eachLayer(function (layer) {
        var name = element("span", { "aria-hidden": "true" }, layer.feature.properties.name).outerHTML;
        L.marker(layer.getBounds().getCenter(), {
          icon: L.divIcon({ className: "ln-outline-name", html: name, iconSize: [120, 20] }),
          interactive: false,
          keyboard: false,
          zIndexOffset: -1000,
        }).addTo(this.map);
        if (layer.feature === own) {
          this.whole = layer.getBounds();
          layer.bringToFront();
        }
      }, this);
    },

    _attribution: function () {
      var text = element("span", {}, this.options.attribution);
      return this.options.terms ? element("a", { href: this.options.terms }, text).outerHTML : text.outerHTML;
    },

    /* All points; over an outline alone the whole municipality, by which one knows where they are. */
    _view: function () {
      var bounds = this._bounds(this.points);
      return this.whole && !this.button ? bounds.extend(this.whole) : bounds;
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
      if (had !== document.activeElement && this.el.contains(this.map.getContainer())) {
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
        var list = element("ul", { class: "ln-plain" }, group.map(function (point) { return entry(point.said); }));
        return element("div", {}, alone ? list : [element("strong", {}, many), list]);
      }, { maxHeight: 260, autoPanPadding: [12, 12] });
    },

    _onPopup: function (event) {
      var popup = event.popup.getElement();
      this.opener = event.popup._source && event.popup._source.getElement();
      popup.setAttribute("role", "dialog");
      popup.setAttribute("aria-label", this.opener ? this.opener.getAttribute("aria-label") : this.options.label);
      var close = popup.querySelector(".leaflet-popup-close-button");
      close.setAttribute("aria-label", this.options.close);
      close.setAttribute("title", this.options.close);
      // Leaflet itself hears Escape only while the focus is on the map, not in the popup.
      popup.addEventListener("keydown", function (pressed) {
        if (pressed.key === "Escape") { event.popup.close(); }
      });
      var first = popup.querySelector(".leaflet-popup-content a") || close;
      if (first) { first.focus({ preventScroll: true }); }
    },

    _onClosed: function () {
      if (this.opener && document.contains(this.opener)) { this.opener.focus({ preventScroll: true }); }
    },
  });
})();
