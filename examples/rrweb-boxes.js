// Tells keyveil the box of what was pressed. Load it after rrweb and before rrweb.record() starts.
function tellBoxes(rrweb) {
  window.addEventListener(
    "pointerdown",
    (event) => {
      const element = event.composedPath()[0];
      const { x, y, width, height } = element.getBoundingClientRect();
      rrweb.record.addCustomEvent("keyveil-box", { id: rrweb.record.mirror.getId(element), x, y, width, height });
    },
    { capture: true },
  );
}
