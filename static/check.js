// The verifier's page by keyboard: M, B, T, the numbers of reasons, Enter, U, L. What is typed in a field stays text.
// The next row is fetched while this one is looked at. Deciding shows it at once; the decision is on its way meanwhile,
// one after the other, and a row whose decision is not taken comes back. Without this script every form is a page.
"use strict";

(() => {
  const desk = document.getElementById("kartu");
  const told = () => document.getElementById("keadaan");
  const row = () => document.getElementById("baris");
  const cardOf = (nodes) => nodes.find((one) => one.dataset?.card)?.dataset.card ?? "";
  const parts = () => [...row().childNodes];
  const shown = () => cardOf(parts());
  // The row after ``after``, as it will be shown; the decisions that are on their way or wait for their turn.
  let ahead = null;
  let asking = "";
  let waiting = [];
  let undoSoon = false;

  // ---- showing ----

  const focusIn = (part) => part.querySelector("[data-focus]")?.focus({ preventScroll: true });

  const show = (nodes) => {
    row().replaceChildren(...nodes);
    CardScans.take(row());
    if (told().getBoundingClientRect().top < 0) told().scrollIntoView({ block: "start" });
    focusIn(row());
  };

  const tell = (nodes) => {
    told().replaceChildren(...nodes);
    focusIn(told());
  };

  const say = (sentence, alarming) => {
    const line = document.createElement("p");
    line.textContent = sentence;
    if (alarming) {
      Object.assign(line, { role: "alert", tabIndex: -1, className: "changed" });
      line.dataset.focus = "";
    }
    tell([line]);
  };

  const read = (text) => {
    const box = document.createElement("div");
    box.innerHTML = text;
    const found = box.querySelector("#baris");
    return { told: [...(box.querySelector("#keadaan")?.childNodes ?? [])], row: found && [...found.childNodes] };
  };

  // ---- asking the server ----

  const ask = (address, more = {}) => {
    const headers = { "HX-Request": "true", "HX-Current-URL": window.location.href };
    return fetch(address, { headers, ...more });
  };

  // An ended session: the answer says where to log in.
  const leads = (answer) => {
    const target = answer.headers.get("HX-Redirect");
    if (!target) return false;
    waiting = [];
    window.location.assign(target);
    return true;
  };

  // ---- the row after this one ----

  const lookAhead = async () => {
    const after = shown();
    if (!after || ahead?.after === after || asking === after) return;
    asking = after;
    const answer = await ask(desk.dataset.ahead.replace(/0\/$/, `${after}/`)).catch(() => null);
    const text = answer?.status === 200 ? await answer.text().catch(() => "") : "";
    if (asking === after) asking = "";
    const nodes = read(text).row ?? [];
    if (cardOf(nodes) && shown() === after) ahead = { after, id: cardOf(nodes), nodes };
  };

  const takeAhead = (after) => {
    const next = ahead?.after === after ? ahead : null;
    if (next) ahead = null;
    return next;
  };

  const goOn = (next) => {
    show(next.nodes);
    lookAhead();
  };

  // ---- decisions ----

  // A row comes back, as it was or as the server says; what was shown after it stays the next one.
  const bringBack = (one, nodes, said) => {
    waiting = [];
    undoSoon = false;
    const next = one.next && { ...one.next, nodes: shown() === one.next.id ? parts() : one.next.nodes };
    show(nodes);
    if (next && shown() === one.card) ahead = next;
    said();
  };

  const settle = (one, answered) => {
    const refused = answered.told.some((part) => part.matches?.("[role=alert]"));
    if (!answered.told.length) bringBack(one, one.nodes, () => say(desk.dataset.fault, true));
    else if (refused) bringBack(one, answered.row ?? parts(), () => tell(answered.told));
    else if (waiting.length === 1) {
      tell(answered.told);
      if (answered.row) show(answered.row);
    }
    lookAhead();
  };

  const deliver = async () => {
    const one = waiting[0];
    if (!one.next) one.next = takeAhead(one.card);
    if (one.next) one.body.set("berikut", one.next.id);
    if (one.next && shown() === one.card) goOn(one.next);
    say(desk.dataset.saving.replace("{name}", one.name));
    try {
      const answer = await ask(one.address, { method: "POST", body: one.body, keepalive: true });
      if (leads(answer)) return;
      settle(one, read(await answer.text()));
    } catch {
      bringBack(one, one.nodes, () => say(desk.dataset.away, true));
    }
    waiting.shift();
    if (waiting.length) await deliver();
    else if (undoSoon) press("u");
  };

  const decide = (form, button) => {
    const card = shown();
    if (waiting.some((one) => one.card === card)) return;
    const name = document.getElementById("nama")?.textContent ?? "";
    const one = { card, name, nodes: parts(), address: form.action, body: new FormData(form, button), next: takeAhead(card) };
    if (one.next) goOn(one.next);
    waiting.push(one);
    if (waiting.length === 1) deliver();
  };

  const undo = async (form) => {
    undoSoon = false;
    const before = { id: shown(), nodes: parts() };
    const answer = await ask(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (answer && leads(answer)) return;
    const answered = read(answer ? await answer.text() : "");
    if (!answered.told.length) {
      say(answer ? desk.dataset.fault : desk.dataset.away, true);
      return;
    }
    if (answered.row) show(answered.row);
    tell(answered.told);
    // The row that was shown comes after the one that is back: it need not be read a second time.
    if (before.id && shown() !== before.id) ahead = { after: shown(), ...before };
    lookAhead();
  };

  const skip = (event) => {
    const next = takeAhead(shown());
    if (next || waiting.length) event.preventDefault();
    if (next) goOn(next);
  };

  // ---- what people do ----

  const openReasons = () => document.querySelector("#baris .reasons[open]");

  const openOnly = (status) => {
    for (const part of document.querySelectorAll("#baris .reasons")) part.open = part.dataset.status === status;
    openReasons()?.querySelector("input")?.focus();
  };

  const press = (key) => {
    if (key === "b" || key === "t") {
      const part = document.querySelector(`#baris .reasons summary[data-key="${key}"]`)?.parentElement;
      if (part) openOnly(part.dataset.status);
      return Boolean(part);
    }
    if (key >= "1" && key <= "9") {
      const box = openReasons()?.querySelectorAll("input[type=checkbox]")[Number(key) - 1];
      box?.click();
      return Boolean(box);
    }
    if (key === "u" && waiting.length) {
      undoSoon = true;
      return true;
    }
    if (CardScans.press(key)) return true;
    const target = desk.querySelector(`[data-key="${CSS.escape(key)}"]`);
    target?.click();
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

  desk.addEventListener("submit", (event) => {
    const act = { undo, decide }[event.target.dataset.does];
    if (!act) return;
    event.preventDefault();
    act(event.target, event.submitter);
  });

  desk.addEventListener("click", (event) => {
    if (event.target.closest("a[data-key=l]")) skip(event);
  });

  // One open list of reasons at a time.
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("#baris .reasons") || !event.target.open) return;
    for (const part of document.querySelectorAll("#baris .reasons[open]")) if (part !== event.target) part.open = false;
  }, true);

  window.addEventListener("beforeunload", (event) => {
    if (waiting.length) event.preventDefault();
  });

  CardScans.take(row());
  lookAhead();
})();
