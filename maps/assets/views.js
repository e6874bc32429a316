/* Maps side by side that are moved together: all show the same part of the frame, by buttons, wheel, drag or keys. */
function views(frames) {
  if (!frames.length) { return; }
  var drawings = Array.prototype.map.call(frames, function (frame) { return frame.querySelector("svg"); });
  var whole = drawings[0].getAttribute("viewBox").split(" ").map(Number), box = whole.slice(), deepest = 6;
  function show() {
    box[2] = Math.min(whole[2], Math.max(whole[2] / deepest, box[2]));
    box[3] = box[2] * whole[3] / whole[2];
    box[0] = Math.min(Math.max(whole[0], box[0]), whole[0] + whole[2] - box[2]);
    box[1] = Math.min(Math.max(whole[1], box[1]), whole[1] + whole[3] - box[3]);
    var text = box.map(function (value) { return value.toFixed(2); }).join(" ");
    drawings.forEach(function (drawing) { drawing.setAttribute("viewBox", text); });
  }
  function zoom(factor, x, y) {
    var wide = Math.min(whole[2], Math.max(whole[2] / deepest, box[2] / factor)), share = wide / box[2];
    box[0] += x * box[2] * (1 - share);
    box[1] += y * box[3] * (1 - share);
    box[2] = wide;
    show();
  }
  function move(x, y) {
    box[0] += x * box[2];
    box[1] += y * box[3];
    show();
  }
  function reset() { box = whole.slice(); show(); }
  var keys = {
    "+": function () { zoom(1.5, 0.5, 0.5); }, "=": function () { zoom(1.5, 0.5, 0.5); }, "-": function () { zoom(1 / 1.5, 0.5, 0.5); }, "0": reset,
    ArrowLeft: function () { move(-0.15, 0); }, ArrowRight: function () { move(0.15, 0); },
    ArrowUp: function () { move(0, -0.15); }, ArrowDown: function () { move(0, 0.15); }
  };
  Array.prototype.forEach.call(frames, function (frame) {
    var from = null;
    frame.setAttribute("tabindex", "0");
    frame.addEventListener("keydown", function (event) {
      if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
    });
    frame.addEventListener("wheel", function (event) {
      if (!event.ctrlKey && box[2] === whole[2] && event.deltaY > 0) { return; }  /* the page scrolls on */
      var place = frame.getBoundingClientRect();
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.25 : 0.8, (event.clientX - place.left) / place.width, (event.clientY - place.top) / place.height);
    }, { passive: false });
    frame.addEventListener("pointerdown", function (event) { from = [event.clientX, event.clientY]; frame.setPointerCapture(event.pointerId); });
    frame.addEventListener("pointermove", function (event) {
      if (!from) { return; }
      var place = frame.getBoundingClientRect();
      move((from[0] - event.clientX) / place.width, (from[1] - event.clientY) / place.height);
      from = [event.clientX, event.clientY];
    });
    ["pointerup", "pointercancel"].forEach(function (name) { frame.addEventListener(name, function () { from = null; }); });
  });
  Array.prototype.forEach.call(document.querySelectorAll("button[data-view]"), function (button) {
    button.addEventListener("click", function () { keys[button.getAttribute("data-view")](); });
  });
  window.addEventListener("beforeprint", reset);
}
