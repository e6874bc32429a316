/* Behaviour of the report. First part: runs before the map is made. */
"use strict";

/* ---- lines that lie side by side, with a casing below and an arrow head above (the same rules as in maps/flows.py and maps/still.py) ---- */
(function () {
  if (typeof L === "undefined") { return; }
  function normal(a, b) {
    var dx = b.x - a.x, dy = b.y - a.y, long = Math.sqrt(dx * dx + dy * dy);
    return [-dy / long, dx / long];
  }
  function shifted(ring, offset) {
    var line = ring.filter(function (point, i) { return i === 0 || !point.equals(ring[i - 1]); });
    if (line.length < 2 || !offset) { return line; }
    var normals = line.slice(1).map(function (point, i) { return normal(line[i], point); });
    return line.map(function (point, i) {
      var before = normals[Math.max(0, i - 1)], after = normals[Math.min(i, normals.length - 1)];
      var nx = before[0] + after[0], ny = before[1] + after[1], reach = Math.max(nx * nx + ny * ny, 1);
      return L.point(point.x + 2 * offset * nx / reach, point.y + 2 * offset * ny / reach);
    });
  }
  function arrow(ring, width) {
    var total = 0, i, long;
    for (i = 1; i < ring.length; i++) { total += ring[i].distanceTo(ring[i - 1]); }
    if (total < 26) { return ""; }
    var left = 0.56 * total;
    for (i = 1; i < ring.length; i++) {
      long = ring[i].distanceTo(ring[i - 1]);
      if (left <= long && long > 0) { break; }
      left -= long;
    }
    if (i === ring.length) { return ""; }
    var a = ring[i - 1], b = ring[i], ux = (b.x - a.x) / long, uy = (b.y - a.y) / long;
    var x = a.x + left * ux, y = a.y + left * uy, size = width >= 5 ? 0.8 * width : 1.5 * width + 2.5;
    return "M" + [[-0.5, -0.62], [0.62, 0], [-0.5, 0.62], [-0.22, 0]].map(function (c) {
      return (x + size * (c[0] * ux - c[1] * uy)).toFixed(1) + "," + (y + size * (c[0] * uy + c[1] * ux)).toFixed(1);
    }).join("L") + "Z";
  }
  L.Polyline.mergeOptions({ lineCap: "butt", opacity: 0.92 });
  var project = L.Polyline.prototype._projectLatlngs;
  L.Polyline.include({
    _projectLatlngs: function (latlngs, result, bounds) {
      var first = result.length;
      project.call(this, latlngs, result, bounds);
      if (this.options.offset && latlngs[0] instanceof L.LatLng) { result[first] = shifted(result[first], this.options.offset); }
    }
  });
  var update = L.SVG.prototype._updatePoly, remove = L.SVG.prototype._removePath;
  L.SVG.include({
    _updatePoly: function (layer, closed) {
      update.call(this, layer, closed);
      if (!layer.options.flow) { return; }
      this._drawCasing(layer);
      if (!layer._arrow) {
        layer._arrow = L.SVG.create("path");
        layer._arrow.setAttribute("class", "arrow");
      }
      this._rootGroup.appendChild(layer._arrow);
      layer._arrow.setAttribute("fill", layer.options.weight >= 5 ? "#ffffff" : layer.options.color);
      layer._arrow.setAttribute("d", (layer._rings || []).map(function (ring) {
        return layer.options.opacity === 0 || layer.options.weight < 1.3 ? "" : arrow(ring, layer.options.weight);
      }).join("") || "M0,0");
    },
    _drawCasing: function (layer) {
      var options = layer.options;
      if (!layer._casing) {
        layer._casing = L.SVG.create("path");
        layer._casing.setAttribute("class", "casing casing-" + options.flow);
      }
      this._rootGroup.insertBefore(layer._casing, this._rootGroup.firstChild);
      layer._casing.setAttribute("stroke-width", options.weight + (options.flow === "water" ? 4.5 : 1.8));
      layer._casing.setAttribute("stroke-opacity", options.opacity === 0 ? 0 : 0.9);
      layer._casing.setAttribute("d", layer._path.getAttribute("d"));
    },
    _removePath: function (layer) {
      remove.call(this, layer);
      [layer._arrow, layer._casing].forEach(function (drawn) { if (drawn) { L.DomUtil.remove(drawn); } });
    }
  });
}());

/* ---- language, printing; "after" is called when everything stands ---- */
var report = {
  language: function (language) {
    document.documentElement.setAttribute("data-lang", language);
    document.documentElement.setAttribute("lang", language === "zh" ? "zh-CN" : "en");
    document.getElementById("language").setAttribute("lang", language === "zh" ? "en" : "zh-CN");
    report.named();
    window.dispatchEvent(new Event("report-language"));
  },
  /* names of drawings and of the places on the map for those who do not see them, in the language shown */
  named: function () {
    var hidden = document.documentElement.getAttribute("data-lang") === "zh" ? ".en" : ".zh";
    function text(element) {
      var copy = element.cloneNode(true);
      Array.prototype.forEach.call(copy.querySelectorAll(hidden + ", button"), function (other) { other.remove(); });
      return copy.textContent.replace(/\s+/g, " ").trim();
    }
    Array.prototype.forEach.call(document.querySelectorAll("svg[role=img]"), function (drawing) {
      var figure = drawing.closest("figure"), section = drawing.closest("section");
      var title = (figure && figure.querySelector("figcaption")) || (section && section.querySelector("h2"));
      drawing.setAttribute("aria-label", title ? text(title) : document.title);
    });
    Array.prototype.forEach.call(document.querySelectorAll(".table"), function (table) {
      var title = table.previousElementSibling, section = table.closest("section");
      while (title && !/^H[234]$|^SUMMARY$/.test(title.tagName)) { title = title.previousElementSibling; }
      title = title || (section && section.querySelector("h2"));
      table.setAttribute("role", "region");
      table.setAttribute("aria-label", title ? text(title) : document.title);
    });
    ["map", "contents"].forEach(function (id) {
      var part = document.getElementById(id), target = id === "map" && part ? part.querySelector(".folium-map") : part;
      if (target) { target.setAttribute("aria-label", id === "map" ? text(part.querySelector("h2")) : text(document.querySelector(".skip"))); }
    });
    if (window.report_map) {
      report.zooms().forEach(function (button, place) {
        var name = window.report_zoom[place][document.documentElement.getAttribute("data-lang") === "zh" ? 0 : 1];
        button.setAttribute("title", name);
        button.setAttribute("aria-label", name);
      });
      window.report_map.eachLayer(function (layer) {
        if (layer.getPopup && layer.getPopup() && layer.getElement && layer.getElement()) {
          layer.getElement().setAttribute("aria-label", text(layer.getPopup().getContent().querySelector("h4")));
        }
      });
    }
  },
  /* the map's buttons, nearer first; Leaflet makes them links, which Space alone would not press */
  zooms: function () { return Array.prototype.slice.call(document.querySelectorAll(".leaflet-control-zoom a")); },
  paper: function (size) {
    document.documentElement.setAttribute("data-paper", size);
    document.getElementById("paper").textContent = "@page { size: " + size + " landscape; }";
  },
  after: function () {
    var root = document.documentElement;
    if (location.hash === "#en" || location.hash === "#zh") { report.language(location.hash.slice(1)); }
    document.getElementById("language").addEventListener("click", function () {
      report.language(root.getAttribute("data-lang") === "zh" ? "en" : "zh");
    });
    [["print", "A4"], ["print-a3", "A3"]].forEach(function (pair) {
      document.getElementById(pair[0]).addEventListener("click", function () {
        report.paper(pair[1]);
        window.print();
      });
    });
    window.addEventListener("beforeprint", function () {
      Array.prototype.forEach.call(document.querySelectorAll(".verdict details:not([open])"), function (closed) {
        closed.setAttribute("open", "");
        closed.setAttribute("data-opened", "");
      });
    });
    window.addEventListener("afterprint", function () {
      Array.prototype.forEach.call(document.querySelectorAll("details[data-opened]"), function (opened) {
        opened.removeAttribute("open");
        opened.removeAttribute("data-opened");
      });
    });
    Array.prototype.forEach.call(document.querySelectorAll("button.magnify"), function (button) {
      button.addEventListener("click", function () {
        var large = button.closest(".map-figure").classList.toggle("large");
        button.setAttribute("aria-pressed", String(large));
      });
    });
    window.addEventListener("hashchange", function () {
      if (location.hash === "#en" || location.hash === "#zh") { report.language(location.hash.slice(1)); }
    });
    Array.prototype.forEach.call(document.querySelectorAll("input[name=drawing]"), function (choice) {
      choice.addEventListener("change", function () { root.setAttribute("data-drawing", choice.value); });
    });
    var map = window.report_map;
    if (map) {
      map.fitBounds(window.report_corners, { animate: false });
      L.control.scale({ imperial: false, position: "topleft", maxWidth: 140 }).addTo(map);
      map.eachLayer(function (layer) {
        if (layer.eachLayer && (layer.options.pane === "streams" || layer.options.pane === "arcs")) {
          layer.bindTooltip(function (line) {
            return line.feature.properties.tip.map(function (place) { return window.report_tips[place]; }).join("<br>");
          }, { sticky: true, className: "tip" });
        }
      });
      report.zooms().forEach(function (button) {
        button.addEventListener("keydown", function (event) {
          if (event.key === " ") { event.preventDefault(); button.click(); }
        });
      });
      map.setMinZoom(map.getZoom());
      map.setMaxBounds(L.latLngBounds(window.report_corners).pad(0.1));
      map.on("resize", function () {
        map.setMinZoom(0);
        map.setMinZoom(map.getBoundsZoom(window.report_corners));
      });
      root.classList.add("map-alive");
    }
    report.named();
    root.setAttribute("data-ready", "yes");
  }
};
