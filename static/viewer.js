// Looking at a scan: larger, smaller, turned. Without this script the pages are simply below each other.
"use strict";

(() => {
  for (const viewer of document.querySelectorAll("[data-viewer]")) {
    const pages = viewer.querySelector(".viewer-pages");
    const classes = ["zoom-1", "zoom-2", "zoom-3", "zoom-4"];
    let zoom = 0;
    let turn = 0;
    const show = () => {
      pages.classList.remove(...classes, "turn-1", "turn-2", "turn-3");
      pages.classList.add(classes[zoom]);
      if (turn) pages.classList.add(`turn-${turn}`);
    };
    const closer = (step) => {
      zoom = Math.max(0, Math.min(classes.length - 1, zoom + step));
      show();
    };
    const rotate = () => {
      turn = (turn + 1) % 4;
      show();
    };
    viewer.querySelector("[data-viewer-tools]").hidden = false;
    for (const button of viewer.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => closer(button.dataset.zoom === "in" ? 1 : -1));
    }
    viewer.querySelector("[data-turn]").addEventListener("click", rotate);
    pages.addEventListener("keydown", (event) => {
      if (event.key === "+") closer(1);
      else if (event.key === "-") closer(-1);
      else if (event.key === "r") rotate();
    });
    show();
  }
})();
