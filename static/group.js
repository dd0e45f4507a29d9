// A group's page by keyboard: M, B, T, the numbers of reasons, Enter. What is typed in a field stays text.
"use strict";

(() => {
  const desk = document.getElementById("kelompok");
  const openReasons = () => desk.querySelector(".reasons[open]");

  const openOnly = (part) => {
    for (const one of desk.querySelectorAll(".reasons")) one.open = one === part;
    part.querySelector("input")?.focus();
  };

  const press = (key) => {
    if (key >= "1" && key <= "9") {
      const box = openReasons()?.querySelectorAll("input[type=checkbox]")[Number(key) - 1];
      box?.click();
      return Boolean(box);
    }
    const target = desk.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (target?.matches("summary")) openOnly(target.parentElement);
    else target?.click();
    return Boolean(target);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
    if (event.key === "Enter" && openReasons()?.contains(event.target) && !event.target.matches("button, summary")) {
      event.preventDefault();
      openReasons().querySelector("button[name=status]").click();
      return;
    }
    if (!typing && press(event.key.toLowerCase())) event.preventDefault();
  });

  document.querySelector("[data-focus]")?.focus();
})();
