// The typing page: keys that lead from field to field, what the NIK and the list of desa propose, and rows that go to
// the server one after the other, however often the network breaks. Without this script the form is an ordinary one.
"use strict";

(() => {
  const form = document.getElementById("ketik");
  if (!form) return;
  const words = form.dataset;
  const places = [];
  const controls = () =>
    [...form.querySelectorAll("[data-field] input:not([data-pin]), [data-field] select")].filter((one) => !one.closest("[hidden]"));
  const control = (name) => form.elements[name];
  const pinned = (name) => form.querySelector(`[data-pin="${name}"]`)?.checked ?? false;
  const said = (name) => document.getElementById(`temuan-${name}`);
  const live = (sentence) => {
    document.getElementById("pengumuman").textContent = sentence;
  };

  // ---- from field to field -----------------------------------------------------------------------

  const stand = (one) => {
    one.focus();
    one.select?.();
    one.scrollIntoView({ block: "nearest" });
  };

  // What stays from the row before is passed over; Tab still reaches it.
  const step = (from, by) => {
    const all = controls();
    let at = all.indexOf(from) + by;
    while (all[at] && pinned(all[at].name) && all[at].value) at += by;
    return all[at];
  };

  const advance = (from) => {
    const next = step(from, 1);
    if (next) stand(next);
    else save();
  };

  // As if it had been typed: whoever looks on (findings, drafts) is told.
  const set = (one, value) => {
    if (one.value === value) return;
    one.value = value;
    one.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const choose = (select, key) => {
    const option = [...select.options].find((one) => one.value && one.text.toLowerCase().startsWith(key));
    if (!option) return false;
    set(select, option.value);
    return true;
  };

  const accept = (name) => {
    const offered = form.querySelector(`[data-propose="${name}"]`);
    if (!offered) return false;
    set(control(name), offered.dataset.value);
    return true;
  };

  form.addEventListener("keydown", (event) => {
    const one = event.target;
    if (!controls().includes(one) || event.isComposing || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (one.name === "village") complete();
      if (event.ctrlKey) save();
      else if (event.shiftKey) stand(step(one, -1) ?? one);
      else advance(one);
    } else if (event.ctrlKey) {
      // The browser's own.
    } else if (event.key === "=") {
      if (!accept(one.name)) return;
      event.preventDefault();
      advance(one);
    } else if (one.matches("select") && event.key.length === 1 && choose(one, event.key.toLowerCase())) {
      event.preventDefault();
      advance(one);
    }
  });

  form.addEventListener("click", (event) => {
    const offered = event.target.closest("[data-propose]");
    if (offered && accept(offered.dataset.propose)) advance(control(offered.dataset.propose));
  });

  // ---- the NIK in groups, the desa from the list -------------------------------------------------

  const group = (input) => {
    const digits = input.value.replace(/\s/g, "");
    if (!/^\d*$/.test(digits)) return;
    const before = input.value.slice(0, input.selectionStart).replace(/\s/g, "").length;
    const grouped = (text) => [text.slice(0, 6), text.slice(6, 12), text.slice(12)].filter(Boolean).join(" ");
    input.value = grouped(digits);
    const caret = grouped(digits.slice(0, before)).length;
    input.setSelectionRange(caret, caret);
  };

  const found = (text) => {
    const typed = text.trim().toLowerCase();
    if (!typed) return [];
    const exact = places.filter(([village]) => village.toLowerCase() === typed);
    return exact.length ? exact : places.filter(([village]) => village.toLowerCase().startsWith(typed));
  };

  const offer = () => {
    const list = document.getElementById("daftar-desa");
    list.replaceChildren(
      ...found(control("village").value).slice(0, 12).map(([village, district]) => new Option(`${village} · ${district}`, village)),
    );
  };

  // First letters that only one desa has become its name; its kecamatan is filled in beside it, to be seen.
  const complete = () => {
    const input = control("village");
    const candidates = found(input.value);
    const names = new Set(candidates.map(([village]) => village));
    if (names.size !== 1) return;
    const [[, district, regency]] = candidates;
    set(input, [...names][0]);
    if (candidates.length > 1) return;
    set(control("district"), district);
    if (form.elements.regency) set(form.elements.regency, regency);
  };

  const loadPlaces = async () => {
    try {
      places.push(...(await (await fetch(words.places)).json()).places);
      offer();
    } catch {
      // Without the list the desa is typed in full.
    }
  };

  // ---- findings while one types ------------------------------------------------------------------

  const look = (() => {
    let timer = null;
    const ask = () => {
      if (navigator.onLine && state !== "ended") htmx.trigger("#periksa", "periksa");
    };
    return () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, 350);
    };
  })();

  const changed = (one) => {
    if (one.name === "nik") group(one);
    if (one.name === "village") offer();
    look();
  };

  const forget = () => {
    for (const one of form.querySelectorAll(".said")) one.replaceChildren();
  };

  form.addEventListener("input", (event) => changed(event.target));
  form.addEventListener("focusin", (event) => {
    const all = controls();
    const at = all.indexOf(event.target);
    if (at < 0) return;
    form.elements.di.value = event.target.name;
    const furthest = all.findIndex((one) => one.name === form.elements.sampai.value);
    form.elements.sampai.value = all[Math.max(at, furthest)].name;
    if (at > 0) look();
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.name === "village") complete();
  });

  // A statement is asked for only where a finding speaks of it.
  document.addEventListener("htmx:afterSettle", () => {
    const field = form.querySelector("[data-only-if-found]");
    const asked = said("statement").textContent.trim() || said("occupation").querySelector(".bad, .warn");
    field.hidden = !asked && !control("statement").value;
  });

  // A log-in page is no finding: the form stays, and what was typed with it.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!["periksa", "baru"].includes(event.detail.elt?.id)) return;
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault();
    end();
  });

  // ---- rows on their way -------------------------------------------------------------------------

  const box = document.getElementById("antrean");
  const store = WaitingRows.possible() ? new WaitingRows(words.owner, words.key) : null;
  let rows = []; // {ref, at, row, reason}; a reason says why it was refused.
  let state = ""; // "", offline, busy, ended
  let pause = 1000;
  let timer = null;
  let sending = false;

  // ``kept`` once it lies in the browser; what could not be kept is sent from the open page all the same.
  const keep = async (one) => {
    await store?.put(one.ref, one.at, { row: one.row, reason: one.reason });
    one.kept = Boolean(store);
  };

  const gone = async (one) => one.kept && !(await store.has(one.ref).catch(() => true));

  const values = () => {
    const typed = controls().map((one) => [one.name, one.value.trim()]);
    return Object.fromEntries(typed.filter(([, value]) => value));
  };

  // Whether there is more than what stayed from the row before.
  const begun = () => Object.keys(values()).some((name) => !pinned(name));

  const reference = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

  const clear = () => {
    for (const one of controls()) if (!pinned(one.name)) one.value = "";
    form.elements.sampai.value = "";
    control("ref").value = reference();
    forget();
    stand(control("nik"));
  };

  const save = () => {
    const row = values();
    if (!begun()) {
      live(words.empty);
      stand(control("nik"));
      return;
    }
    const one = { ref: control("ref").value, at: Date.now(), row, reason: "" };
    rows.push(one);
    clear();
    form.dispatchEvent(new CustomEvent("draft:sent"));
    show();
    keep(one).catch(() => {}).then(send);
  };

  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? control("csrfmiddlewaretoken").value;

  const post = (one) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(one.row)) body.append(name, value);
    if (!begun()) body.append("draf", words.draft);
    const headers = { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token(), "Idempotency-Key": one.ref };
    return fetch(form.action, { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout?.(30000) });
  };

  const sentence = async (answer) => {
    try {
      return (await answer.json()).message || "";
    } catch {
      return "";
    }
  };

  // True when the next row may go; false when all of them wait.
  const deliver = async (one) => {
    let answer;
    try {
      answer = await post(one);
    } catch {
      state = navigator.onLine ? "busy" : "offline";
      return false;
    }
    if (answer.status === 401 || answer.type === "opaqueredirect") {
      end();
      return false;
    }
    if (answer.status === 429 || answer.status >= 500) {
      state = "busy";
      return false;
    }
    if (answer.ok) {
      live((await answer.json()).said);
      rows = rows.filter((other) => other !== one);
      await store?.remove(one.ref).catch(() => {});
      return true;
    }
    one.reason = (await sentence(answer)) || (answer.status === 404 ? words.gone : words.pageOld);
    live(one.reason);
    await keep(one).catch(() => {});
    return true;
  };

  const sendAll = async () => {
    let one = null;
    let any = false;
    while ((one = rows.find((other) => !other.reason))) {
      // Another tab of the same person has sent it, or its typist dropped it there.
      if (await gone(one)) {
        const done = one;
        rows = rows.filter((other) => other !== done);
        continue;
      }
      if (!(await deliver(one))) return any;
      any = true;
      state = "";
      pause = 1000;
      show();
    }
    return any;
  };

  const send = async () => {
    if (sending || !rows.some((one) => !one.reason)) return;
    if (!navigator.onLine) {
      state = "offline";
      show();
      return;
    }
    sending = true;
    window.clearTimeout(timer);
    const any = navigator.locks ? await navigator.locks.request(`silon-${words.owner}`, sendAll) : await sendAll();
    sending = false;
    show();
    if (any) refresh();
    if (rows.some((one) => !one.reason) && state !== "ended") {
      timer = window.setTimeout(send, pause);
      pause = Math.min(pause * 2, 30000);
    }
  };

  const end = () => {
    state = "ended";
    show();
  };

  // A row that is being mended in the list below is not swept away.
  const refresh = () => {
    if (!document.querySelector("#baru .editing")) htmx.trigger("#baru", "segarkan");
  };

  // ---- what still waits, to be seen --------------------------------------------------------------

  const masked = (nik) => (nik ? `${nik.replace(/\s/g, "").slice(0, 4)}${"•".repeat(12)}` : "");
  const text = (row) => Object.entries(row).map(([name, value]) => `${label(name)}: ${value}`).join("\n");
  const label = (name) => form.querySelector(`[data-field="${name}"] .form-label`)?.textContent ?? name;

  const drop = async (one) => {
    rows = rows.filter((other) => other !== one);
    await store?.remove(one.ref);
    show();
  };

  const mend = async (one) => {
    if (begun()) {
      live(words.occupied);
      box.querySelector("#antrean-keadaan").textContent = words.occupied;
      return;
    }
    for (const [name, value] of Object.entries(one.row)) if (control(name)) control(name).value = value;
    // One types at once: the browser may take its time to let the waiting row go.
    group(control("nik"));
    stand(control("nik"));
    look();
    await drop(one);
  };

  const item = (one) => {
    const made = document.getElementById("antrean-satu").content.cloneNode(true);
    const part = (name) => made.querySelector(`[data-${name}]`);
    part("name").textContent = one.row.name ?? "";
    part("nik").textContent = masked(one.row.nik);
    if (one.reason) {
      part("reason").textContent = one.reason;
      part("reason").hidden = part("acts").hidden = false;
      part("mend").addEventListener("click", () => mend(one));
      part("copy").addEventListener("click", async () => {
        await navigator.clipboard?.writeText(text(one.row));
        live(words.copied);
      });
      const sure = part("drop").dataset.sure;
      part("drop").addEventListener("click", () => window.confirm(sure) && drop(one));
    }
    return made;
  };

  const show = () => {
    const waiting = rows.filter((one) => !one.reason).length;
    const refused = rows.length - waiting;
    // A row that is on its way for a moment is no news.
    box.hidden = !refused && !(waiting && (state || waiting > 3));
    document.getElementById("antrean-masuk").hidden = state !== "ended";
    const sentences = [];
    if (waiting) sentences.push(box.dataset[state || "sending"].replace("{n}", waiting));
    else if (state === "ended") sentences.push(box.dataset.endedEmpty);
    if (refused) sentences.push(box.dataset.refused.replace("{n}", refused));
    if (!store && waiting) sentences.push(words.unsealed);
    const line = document.getElementById("antrean-keadaan");
    if (line.textContent !== sentences.join(" ")) line.textContent = sentences.join(" ");
    document.getElementById("antrean-baris").replaceChildren(...rows.map(item));
    if (state === "ended") box.hidden = false;
    const short = document.getElementById("antrean-singkat");
    short.hidden = !waiting || !state;
    short.querySelector("span").textContent = box.dataset.short.replace("{n}", waiting);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  document.getElementById("kosongkan").addEventListener("click", () => {
    clear();
    form.dispatchEvent(new CustomEvent("draft:drop"));
  });
  form.addEventListener("draft:ended", (event) => {
    event.preventDefault();
    end();
  });
  // A row that waits already, or has arrived, does not come back as a draft.
  form.addEventListener("draft:restore", (event) => {
    const ref = event.detail.find(([name]) => name === "ref")?.[1];
    if (rows.some((one) => one.ref === ref) || begun()) event.preventDefault();
  });
  form.addEventListener("draft:restored", () => {
    group(control("nik"));
    const all = controls();
    const blank = all.find((one) => !one.value) ?? all[0];
    form.elements.sampai.value = blank.name;
    stand(blank);
    look();
  });
  window.addEventListener("online", () => {
    pause = 1000;
    send();
  });
  window.addEventListener("offline", () => {
    if (!rows.some((one) => !one.reason)) return;
    state = "offline";
    show();
  });
  // Logged in again in another tab.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") send();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!store && rows.length) event.preventDefault();
  });

  const begin = async () => {
    control("ref").value = reference();
    form.querySelector("[data-only-if-found]").hidden = !control("statement").value;
    loadPlaces();
    if (!store) return;
    const kept = await store.all().catch(() => []);
    // A message of the page before has taken the focus; here one types.
    if (!form.contains(document.activeElement)) stand(control("nik"));
    rows = [...kept.map((one) => ({ ref: one.ref, at: one.at, kept: true, ...one.content })), ...rows];
    show();
    send();
  };
  begin();
})();
