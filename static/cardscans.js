// The scans on a verifier's card: one page at a time, larger, smaller, turned; another page, another document. Without
// this script the pages are simply below each other.
"use strict";

const CardScans = (() => {
  const LARGEST = 5;
  const STEP = 80;
  let view = null;

  const pages = () => view.images.filter((one) => one.dataset.of === view.paper);

  const show = () => {
    const shown = pages()[view.page];
    for (const one of view.images) one.hidden = one !== shown;
    // A picture whose way here broke off is asked for once more when somebody wants to see it.
    if (shown.complete && !shown.naturalWidth) shown.src = shown.src;
    for (const tab of view.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.paper === view.paper));
    view.sheet.className = `scansheet zoom-${view.zoom} turn-${view.turn}`;
    view.place.textContent = shown.alt;
  };

  const change = (what) => {
    Object.assign(view, what);
    show();
  };

  const turnTo = (page) => {
    const all = pages().length;
    change({ page: (page + all) % all, turn: 0 });
    view.frame.scrollTo(0, 0);
  };

  const openPaper = (paper) => {
    change({ paper, page: 0, turn: 0, zoom: 1 });
    view.frame.scrollTo(0, 0);
  };

  const closer = (step) => change({ zoom: Math.max(1, Math.min(LARGEST, view.zoom + step)) });

  const another = () => {
    const at = view.tabs.findIndex((tab) => tab.dataset.paper === view.paper);
    openPaper(view.tabs[(at + 1) % view.tabs.length].dataset.paper);
  };

  const slide = (left, top) => {
    if (view.zoom === 1) return false;
    view.frame.scrollBy({ left: left * STEP, top: top * STEP });
    return true;
  };

  const acts = {
    "+": () => closer(1),
    "=": () => closer(1),
    "-": () => closer(-1),
    r: () => change({ turn: (view.turn + 1) % 4 }),
    n: () => turnTo(view.page + 1),
    p: () => turnTo(view.page - 1),
    s: another,
    arrowleft: () => slide(-1, 0),
    arrowright: () => slide(1, 0),
    arrowup: () => slide(0, -1),
    arrowdown: () => slide(0, 1),
  };

  // Takes the scans of the card that is shown now; of a card without any, nothing.
  const take = (card) => {
    const root = card?.querySelector("[data-scans]");
    view = root && {
      images: [...root.querySelectorAll("img[data-of]")],
      tabs: [...root.querySelectorAll("[data-paper]")],
      frame: root.querySelector(".scanframe"),
      sheet: root.querySelector(".scansheet"),
      place: root.querySelector("[data-scan-place]"),
      paper: "0",
      page: 0,
      zoom: 1,
      turn: 0,
    };
    if (!view) return;
    root.querySelector("[data-scan-tools]").hidden = false;
    root.classList.add("scripted");
    show();
  };

  // Whether the key was one for the scans.
  const press = (key) => Boolean(view && acts[key]) && acts[key]() !== false;

  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.("[data-paper]");
    const tool = event.target.closest?.("[data-scan-tools] [data-key]");
    if (tab) openPaper(tab.dataset.paper);
    if (tool) press(tool.dataset.key);
  });

  return { take, press };
})();
