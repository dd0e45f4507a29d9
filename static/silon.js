// What every page needs: focus on what went wrong, folds that open when linked to, a user menu that closes, clicks that
// are not taken back.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-focus]")?.focus();
});

// A link to something folded unfolds it.
const unfold = () => {
  const target = window.location.hash && document.getElementById(window.location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
window.addEventListener("hashchange", unfold);
document.addEventListener("DOMContentLoaded", unfold);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.usermenu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.usermenu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The click that leads to another page stands: a page being left is not read anew when a job on it has ended. Its next
// question says so again, should the click have been for a file only.
const LEAVING_MS = 10000;
let leftAt = -Infinity;
window.addEventListener("beforeunload", () => {
  leftAt = performance.now();
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const anew = event.detail.xhr.getResponseHeader("HX-Refresh");
  if (anew && performance.now() - leftAt < LEAVING_MS) event.preventDefault();
});

// A countdown goes on while the page is open; the server wrote it first, in the same words.
const spanOf = (minutes) => {
  if (minutes < 1) return "kurang dari 1 menit";
  const parts = [[Math.floor(minutes / 1440), "hari"], [Math.floor(minutes / 60) % 24, "jam"], [minutes % 60, "menit"]];
  while (!parts[0][0]) parts.shift();
  return parts.slice(0, 2).filter(([count]) => count).map(([count, unit]) => `${count} ${unit}`).join(" ");
};
setInterval(() => {
  for (const shown of document.querySelectorAll("[data-until]")) {
    shown.textContent = spanOf(Math.floor((Date.parse(shown.dataset.until) - Date.now()) / 60000));
  }
}, 20000);
