// What nobody needs at first comes with the first sign of a reader: a scroll, a touch, a key, a moved pointer.
const source = document.body.dataset.extras;
const SIGNS = ["scroll", "pointerdown", "pointermove", "keydown", "focusin"];

function load() {
  for (const sign of SIGNS) removeEventListener(sign, load);
  import(source);
}

if (source) for (const sign of SIGNS) addEventListener(sign, load, { once: true, passive: true });
