// The list of supporters: keys to search, move and open, focus that follows what was swapped in, and words for
// those who listen. Without this script every row opens as a page of its own.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll("tbody.person")];
  const rowOf = (element) => element?.closest?.("tbody.person") ?? null;
  const typing = (element) => element.matches?.("input, textarea, select, [contenteditable]");
  let current = null;

  const standIn = (row) => {
    const target = row?.querySelector("[data-open], [data-focus], h2, button, summary");
    if (!target) return;
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const move = (step) => {
    const all = rows();
    const at = all.findIndex((row) => row.id === current);
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
    if (all[next]) standIn(all[next]);
  };

  document.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    if (row) current = row.id;
  });

  const acts = {
    "/": () => document.querySelector("[data-search]")?.select() ?? document.querySelector("[data-search]")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    e: () => document.getElementById(current)?.querySelector("[data-open]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      rowOf(event.target)?.querySelector("[data-close]")?.click();
      return;
    }
    if (typing(event.target) || !acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  // What was swapped in says what happened, and takes the focus where one goes on.
  document.addEventListener("htmx:afterSettle", (event) => {
    const row = document.getElementById(event.detail.target?.id) ?? event.detail.elt;
    const said = row?.dataset?.announce;
    const live = document.getElementById("pengumuman");
    if (said && live) {
      live.textContent = "";
      window.setTimeout(() => {
        live.textContent = said;
      }, 50);
    }
    const marked = row?.querySelector?.("[data-focus]");
    const field = row?.querySelector?.(".editfield.found input, .editfield.found select, .editfield input");
    (marked ?? field)?.focus();
  });
})();
