/* The slider below the map: widths of the lines and the amounts of one month, or of the year. */
function months(data) {
  var slider = document.getElementById("month"), spoken = document.getElementById("month-name");
  var facts = document.getElementById("month-facts"), play = document.getElementById("month-play"), timer = 0;
  var lines = [];
  function language() { return document.documentElement.getAttribute("data-lang") === "zh" ? 0 : 1; }
  function visit(layer) {
    var properties = layer.feature && layer.feature.properties;
    if (properties && properties.n !== undefined && layer.setStyle && !layer.eachLayer) {
      lines.push({ layer: layer, n: properties.n, weight: layer.options.weight, opacity: layer.options.opacity });
    }
  }
  function width(amount) { return Math.max(data.thinnest, data.widest * Math.sqrt(amount / data.largest)); }
  function element(tag, text, className) {
    var made = document.createElement(tag);
    if (text !== undefined) { made.textContent = text; }
    if (className) { made.className = className; }
    return made;
  }
  function shown(value) {
    var digits = Math.abs(value) < 99.95 ? 1 : 0, text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return (value < 0 && Number(text) !== 0 ? "\u2212" : "") + text;
  }
  function amount(values, slot) {
    return slot < 0 ? values.reduce(function (sum, value) { return sum + value; }, 0) : values[slot];
  }
  function block(title, unit, items, slot, sum) {
    var largest = 0, box = element("div", undefined, "month-block"), head = element("h4", title);
    head.appendChild(element("small", " " + unit));
    box.appendChild(head);
    items.forEach(function (item) { largest = Math.max(largest, Math.abs(amount(item.values, slot))); });
    items.forEach(function (item) {
      var value = amount(item.values, slot), row = element("div", undefined, "month-row"), bar = element("i");
      bar.style.width = (largest > 0 ? 100 * Math.abs(value) / largest : 0).toFixed(1) + "%";
      bar.style.background = item.colour;
      row.appendChild(element("span", item.name[language()]));
      row.appendChild(element("b")).appendChild(bar);
      row.appendChild(element("span", shown(value), "n"));
      box.appendChild(row);
    });
    if (sum) {
      var total = element("div", undefined, "month-row month-sum"), left = 0;
      items.forEach(function (item) { left += amount(item.values, slot); });
      total.appendChild(element("span", sum));
      total.appendChild(element("b"));
      total.appendChild(element("span", shown(left), "n"));
      box.appendChild(total);
    }
    facts.appendChild(box);
  }
  function show() {
    var slot = Number(slider.value) - 1, l = language();
    var name = slot < 0 ? data.year[l] : data.slots[slot].name[l] + (data.slots[slot].season[l] ? " \u00b7 " + data.slots[slot].season[l] : "");
    spoken.textContent = name;
    slider.setAttribute("aria-valuetext", name);
    lines.forEach(function (line) {
      var rate = slot < 0 ? 0 : data.streams[line.n][slot];
      line.layer.options.weight = slot < 0 ? line.weight : width(rate);
      line.layer.options.opacity = slot < 0 || rate > 0 ? line.opacity : 0;
      line.layer.setStyle({ weight: line.layer.options.weight, opacity: line.layer.options.opacity });
      line.layer.redraw();
    });
    facts.textContent = "";
    block(data.flows[l], l === 0 ? "\u5343\u5428" : "kt", data.goods, slot);
    data.power.forEach(function (zone) { block(zone.name[l], "GWh", zone.items, slot, data.surplus[l]); });
  }
  function stop() {
    window.clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
  }
  window.report_map.eachLayer(visit);
  slider.addEventListener("input", function () { stop(); show(); });
  play.addEventListener("click", function () {
    if (timer) { stop(); return; }
    play.setAttribute("aria-pressed", "true");
    timer = window.setInterval(function () {
      slider.value = String((Number(slider.value) % data.slots.length) + 1);
      show();
    }, 1100);
  });
  window.addEventListener("report-language", show);
  show();
}
