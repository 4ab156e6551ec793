/* A map of points over the outline of the municipality, drawn by Leaflet. All of it is fetched from
 * this portal, and nothing from the tiles' server before a button is pressed, so that a page does
 * not tell that server who reads it.
 *
 * leaflet             - address of Leaflet's folder on this portal
 * label               - name of the map
 * points              - address of a GeoJSON with points: title, kind, when, address, url
 * extent, total       - west,south,east,north of the points and how many they are, where they are
 *                       too many: the address is then asked for what is in view (bbox and zoom),
 *                       and answers with points or with cells (count, and the area they are in); or
 * latitude, longitude, title - the one point of the map
 * outline             - address of a GeoJSON with areas (name), the municipality first
 * button              - text of a button that shows the map; without it it is shown at once
 * streets             - text of a button under a map that is shown at once, which fetches tiles
 * tiles, attribution, terms  - address template with {z}, {x}, {y}; whose map it is; their page
 * zoomIn, zoomOut, close, many, groupOne, groupFew, groupMany, tooMany, shown, failed - texts;
 *                       {n} is a number
 */
(function () {
  "use strict";
  var element = lesznoNgo.element;
  var CELL = 44; // pixels: points closer than a fingertip are one group
  var LISTED = 12; // entries of a group that are listed at once; a larger one is zoomed into
  var WIDE = 56; // pixels: the same of circles with the numbers of cells
  var CLOSE = 16; // zoom of a street
  var FARTHEST = 4; // zooms of a country and of a house: the server counts between them
  var NEAREST = 19;
  var TILE = 256; // pixels
  var HERE = 0.00001; // degrees: about a metre
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

  /* Begin when a third of an element is in view and the page has nothing else to do: a telephone that
   * shows the top of a page neither loads nor runs what is under it. */
  function whenSeen(el, begin) {
    new IntersectionObserver(function (seen, observer) {
      if (seen.some(function (one) { return one.isIntersecting; })) {
        observer.disconnect();
        idle().then(begin);
      }
    }, { threshold: 1 / 3 }).observe(el);
  }

  /* Let the browser do what is more pressing: what follows is a task of its own. */
  function idle(answer) {
    return new Promise(function (resolve) {
      var wait = window.requestIdleCallback || window.setTimeout;
      wait(function () { resolve(answer); });
    });
  }

  function entries(points) {
    return points.reduce(function (sum, point) { return sum + (point.said.count || 1); }, 0);
  }

  function isCell(point) {
    return point.said.count !== undefined;
  }

  function pin(text) {
    var size = text ? Math.max(38, 26 + 6 * text.length) : 26;
    return window.L.divIcon({
      className: text ? "ln-pin ln-pin-many" : "ln-pin",
      html: element("span", {}, text || "").outerHTML,
      iconSize: [size, size],
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
      extent: "", total: "", outline: "", streets: "", tiles: "", attribution: "", terms: "",
      zoomIn: "", zoomOut: "", close: "", many: "", groupOne: "", groupFew: "", groupMany: "",
      tooMany: "", shown: "", failed: "",
    },

    initialize: function () {
      this.status = element("p", { class: "ln-small", role: "status" });
      this.el.append(this.status);
      if (!this.options.button) {
        whenSeen(this.el, this._onShow);
        return;
      }
      var button = { type: "button", class: "btn btn-secondary" };
      this.button = element("button", button, this.options.button);
      this.button.addEventListener("click", this._onShow);
      this.el.prepend(this.button);
    },

    _onShow: function () {
      Promise.all([this._points(), this._areas(), load(this.options.leaflet)])
        .then(idle).then(this._onReady)
        .then(idle).then(this._onFrame).catch(this._onFailure);
    },

    _points: function () {
      if (!this.options.points) {
        var said = { title: this.options.title };
        var at = [Number(this.options.latitude), Number(this.options.longitude)];
        return Promise.resolve([{ at: at, said: said }]);
      }
      return this.options.extent ? [] : this._fetch(this.options.points);
    },

    _fetch: function (address) {
      return fetch(address).then(function (response) {
        if (!response.ok) { throw new Error("HTTP " + response.status); }
        return response.json();
      }).then(function (collection) {
        return collection.features.map(function (feature) {
          var place = feature.geometry.coordinates;
          var sides = feature.bbox;
          return {
            at: [place[1], place[0]],
            area: sides && [[sides[1], sides[0]], [sides[3], sides[2]]],
            said: feature.properties,
          };
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
        this._offerStreets();
      }
    },

    _onFrame: function () {
      var map = this.map;
      if (this.options.extent) {
        map.on("moveend", this._onMoved);
        return this._onMoved();
      }
      this._onFound(this.points);
    },

    _onFound: function (points) {
      var had = this._focused();
      this.points = points;
      this._onZoom();
      if (had) { this._focus(had.getLatLng()); }
      if (this.options.points) {
        this.status.textContent = this.options.shown.replace("{n}", this._number(this.options.total || points.length));
        this.status.classList.remove("ln-error");
      }
    },

    /* Ask for what is in view, by whole tiles: whoever looks at the same part of the town asks for
     * the same address, which caches keep. Points stay as they are while one of them is read. */
    _onMoved: function () {
      var map = this.map;
      if (this.opener) { return null; }
      var seen = map.getPixelBounds();
      var northWest = map.unproject(seen.min.divideBy(TILE).floor().multiplyBy(TILE));
      var southEast = map.unproject(seen.max.divideBy(TILE).ceil().multiplyBy(TILE));
      var address = this._address(window.L.latLngBounds(northWest, southEast), map.getZoom());
      if (address === this.asked) { return null; }
      this.asked = address;
      map.getContainer().setAttribute("aria-busy", "true");
      return this._fetch(address).then(function (points) {
        if (address !== this.asked) { return; } // the reader has moved on
        if (this.opener) { // and here reads: what is asked for now is asked for again then
          this.asked = "";
          return;
        }
        this._onFound(points);
        map.getContainer().setAttribute("aria-busy", "false");
      }.bind(this)).catch(function (error) {
        this.asked = "";
        this._onFailure(error);
      }.bind(this));
    },

    _address: function (bounds, zoom) {
      var sides = [
        Math.max(-180, bounds.getWest()), Math.max(-85, bounds.getSouth()),
        Math.min(180, bounds.getEast()), Math.min(85, bounds.getNorth()),
      ];
      var bbox = sides.map(function (side) { return side.toFixed(6); }).join(",");
      return this.options.points + "&bbox=" + bbox + "&zoom=" + zoom;
    },

    _number: function (number) {
      return Number(number).toLocaleString(document.documentElement.lang);
    },

    _draw: function (frame) {
      var L = window.L;
      var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.map = L.map(frame, {
        zoomControl: false, scrollWheelZoom: false, minZoom: FARTHEST, maxZoom: NEAREST,
        maxBounds: [[-85, -180], [85, 180]],
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
        maxZoom: NEAREST,
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
      var sides = this.options.extent.split(",").map(Number);
      var bounds = this.options.extent
        ? window.L.latLngBounds([sides[1], sides[0]], [sides[3], sides[2]])
        : this._bounds(this.points);
      return this.whole && !this.button ? bounds.extend(this.whole) : bounds;
    },

    _bounds: function (points) {
      return points.reduce(function (bounds, point) {
        return bounds.extend(point.area || point.at);
      }, window.L.latLngBounds([]));
    },

    /* Points that would lie on one another at this zoom, together. The first point of a group is
     * its place: groups are never closer to one another than a cell. */
    _groups: function () {
      var map = this.map;
      var apart = this.points.some(isCell) ? WIDE : CELL;
      var groups = [];
      var cells = new Map();
      this.points.forEach(function (point) {
        var at = map.project(point.at);
        var cell = at.divideBy(apart).floor();
        var near = null;
        for (var x = cell.x - 1; x <= cell.x + 1 && !near; x++) {
          for (var y = cell.y - 1; y <= cell.y + 1 && !near; y++) {
            near = (cells.get(x + ":" + y) || []).find(function (group) { return group.at.distanceTo(at) < apart; });
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

    _focused: function () {
      return this.markers.getLayers().find(function (marker) { return marker.getElement() === document.activeElement; });
    },

    /* Give the focus back to a point that was drawn again. */
    _focus: function (place) {
      var again = this.markers.getLayers().find(function (marker) { return marker.getLatLng().equals(place); });
      if (again) { again.getElement().focus({ preventScroll: true }); }
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
      var number = entries(group);
      var counted = group.some(isCell);
      var alone = number === 1 && !counted;
      var bounds = this._bounds(group);
      var apart = !bounds.getNorthEast().equals(bounds.getSouthWest());
      var zooms = apart && (counted || number > LISTED) && this.map.getZoom() < NEAREST;
      var label = alone
        ? [group[0].said.title, group[0].said.kind].filter(Boolean).join(", ")
        : this._said(number, zooms);
      var marker = window.L.marker(group[0].at, {
        icon: pin(alone ? "" : this._number(number)),
        title: label,
        riseOnHover: true,
      }).addTo(this.markers);
      marker.getElement().setAttribute("aria-label", label);
      if (zooms) {
        this._onChosen(marker, function () { this._zoomTo(bounds); });
      } else if (counted) {
        this._onChosen(marker, function () { this._fetchList(marker, bounds, label); });
      } else {
        this._listIn(marker, group, alone ? "" : label);
      }
    },

    /* What a group is called, in the plural forms of the page's language. */
    _said: function (number, zooms) {
      var form = new Intl.PluralRules(document.documentElement.lang).select(number);
      var texts = { one: this.options.groupOne, few: this.options.groupFew };
      var text = zooms ? texts[form] || this.options.groupMany : this.options.many;
      return text.replace("{n}", this._number(number));
    },

    _onChosen: function (marker, act) {
      marker.on("click keypress", function (event) {
        var key = event.originalEvent && event.originalEvent.key;
        if (event.type === "click" || key === "Enter") { act.call(this); }
      }, this);
    },

    _zoomTo: function (bounds) {
      var fitting = this.map.getBoundsZoom(bounds, false, window.L.point(60, 60));
      var zoom = Math.max(this.map.getZoom() + 1, Math.min(NEAREST, fitting));
      this.map.setView(bounds.getCenter(), zoom);
    },

    _listIn: function (marker, points, heading) {
      marker.bindPopup(function () {
        var list = element("ul", { class: "ln-plain" }, points.map(function (point) { return entry(point.said); }));
        return element("div", {}, heading ? [element("strong", {}, heading), list] : list);
      }, { maxHeight: 260, autoPanPadding: [12, 12] });
    },

    /* Entries of a cell that no zoom takes apart: the server names them where they are few. */
    _fetchList: function (marker, bounds, label) {
      if (marker.getPopup()) { return; } // Leaflet opens and closes it
      var southWest = [bounds.getSouth() - HERE, bounds.getWest() - HERE];
      var northEast = [bounds.getNorth() + HERE, bounds.getEast() + HERE];
      var here = window.L.latLngBounds(southWest, northEast);
      this._fetch(this._address(here, NEAREST)).then(function (points) {
        if (points.some(isCell)) {
          marker.bindPopup(element("div", {}, [element("strong", {}, label), element("p", {}, this.options.tooMany)]));
        } else {
          this._listIn(marker, points, label);
        }
        marker.openPopup();
      }.bind(this)).catch(this._onFailure);
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
      var opener = this.opener;
      this.opener = null;
      if (document.contains(opener)) { opener.focus({ preventScroll: true }); }
      if (this.options.extent) { this._onMoved(); }
    },
  });
})();
