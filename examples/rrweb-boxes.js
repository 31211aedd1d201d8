// Tells keyveil the boxes of what one can see when something is pressed. Load it after rrweb and before rrweb.record() starts.
const TOLD = "a,button,input,textarea,select,summary,img,label,p,li,th,td,h1,h2,h3,h4,h5,h6,[role],[contenteditable]";

function tellBoxes(rrweb) {
  window.addEventListener(
    "pointerdown",
    (event) => {
      const boxes = [];
      for (const element of new Set([...document.querySelectorAll(TOLD), event.composedPath()[0]])) {
        const { x, y, width, height } = element.getBoundingClientRect();
        const seen = width && height && x < innerWidth && y < innerHeight && x + width > 0 && y + height > 0;
        if (seen && boxes.length < 2000) boxes.push([rrweb.record.mirror.getId(element), x, y, width, height]);
      }
      rrweb.record.addCustomEvent("keyveil-boxes", { boxes });
    },
    { capture: true },
  );
}
