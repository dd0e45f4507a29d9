// Forms that keep what is typed into them (data-draft, written by the template tag): on the server every few seconds and
// when the page is left; sealed in this browser when the server cannot be asked or the session has ended. Opened again,
// the form has its text. Sent, the draft is gone.
"use strict";

(() => {
  const PAUSE = 2000;
  const SKIPPED = ["hidden", "password", "file", "submit", "button", "reset"];
  const words = document.getElementById("kata-draf")?.dataset;
  const drafts = new WeakMap();
  if (!words) return;

  const token = () =>
    document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  const ask = (address, fields) => {
    const body = new URLSearchParams(fields);
    const headers = { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token() };
    return fetch(address, { method: "POST", body, headers, keepalive: true });
  };

  const original = (one) =>
    one.matches("select") ? ([...one.options].find((option) => option.defaultSelected) ?? one.options[0])?.value : one.defaultValue;

  class Draft {
    constructor(form) {
      const { draft, draftName, draftOwner, draftKey } = form.dataset;
      Object.assign(this, { form, ticket: draft, name: draftName, timer: null, dirty: false, banner: null, saving: null });
      this.store = WaitingRows.possible() ? new WaitingRows(draftOwner, draftKey) : null;
      this.ref = `${draftOwner}:${draftName}`;
      // After a refusal the fields hold what was typed: all of it counts then.
      this.whole = Boolean(form.querySelector(".has-error, .is-invalid"));
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "draf", value: draft });
      form.prepend(field);
      form.addEventListener("input", () => this.touch());
      form.addEventListener("draft:sent", () => this.rest());
      form.addEventListener("draft:drop", () => this.drop());
    }

    typed() {
      const found = [];
      for (const one of this.form.elements) {
        if (!one.name || one.disabled || SKIPPED.includes(one.type) || "noDraft" in one.dataset) continue;
        if (["checkbox", "radio"].includes(one.type)) {
          if (this.whole || one.checked !== one.defaultChecked) found.push([one.name, one.value, one.checked]);
        } else if (this.whole ? one.value : one.value !== original(one)) found.push([one.name, one.value]);
      }
      const along = found.length ? [...this.form.querySelectorAll("[data-draft-along]")] : [];
      return [...found, ...along.map((one) => [one.name, one.value])];
    }

    touch() {
      this.dirty = true;
      this.timer ??= window.setTimeout(() => this.save(), PAUSE);
    }

    rest() {
      window.clearTimeout(this.timer);
      this.timer = null;
      this.dirty = false;
      this.say(null);
      return this.store?.remove(this.ref).catch(() => {});
    }

    async drop() {
      await this.saving; // what is still on its way would bring it back
      await this.rest();
      await ask("/draf/", { formulir: this.ticket, isi: "[]" }).catch(() => {});
    }

    // "kept", "ended" (no session), "away" (no network, or the server does not take it now)
    save() {
      this.saving = this.keep();
      return this.saving;
    }

    async keep() {
      window.clearTimeout(this.timer);
      this.timer = null;
      this.dirty = false;
      const typed = this.typed();
      const answer = await ask("/draf/", { formulir: this.ticket, isi: JSON.stringify(typed) }).catch(() => null);
      if (answer?.ok) {
        if (this.banner?.dataset.kind === "ended") this.say(null);
        await this.store?.remove(this.ref).catch(() => {});
        return "kept";
      }
      await this.store?.put(this.ref, Date.now(), typed).catch(() => {});
      if (answer?.status === 401) {
        const ended = new CustomEvent("draft:ended", { cancelable: true });
        if (this.form.dispatchEvent(ended)) this.say("ended");
        return "ended";
      }
      return "away";
    }

    // What could not reach the server is newer than what the server has.
    async read() {
      const local = (await this.store?.all().catch(() => []))?.find((one) => one.ref === this.ref);
      if (local) {
        this.restore(local.content);
        this.touch();
        return;
      }
      const answer = await ask("/draf/baca/", { formulir: this.ticket }).catch(() => null);
      if (answer?.status === 200 && !this.dirty) this.restore(await answer.json());
    }

    restore(typed) {
      const unwanted = new CustomEvent("draft:restore", { cancelable: true, detail: typed });
      if (!typed.length || !this.form.dispatchEvent(unwanted)) return;
      for (const [name, value, checked] of typed) {
        for (const one of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
          if (checked === undefined) one.value = value;
          else if (one.value === value) one.checked = checked;
        }
      }
      this.say("restored");
      this.form.dispatchEvent(new CustomEvent("draft:restored"));
    }

    say(kind) {
      this.banner?.remove();
      this.banner = null;
      if (!kind) return;
      const made = document.getElementById("kata-draf").content.cloneNode(true);
      this.banner = made.querySelector(`[data-kind="${kind}"]`);
      const link = this.banner.querySelector("a");
      if (link) link.href = this.login();
      this.banner.querySelector("button")?.addEventListener("click", async () => {
        await this.drop();
        window.location.reload();
      });
      this.form.prepend(this.banner);
    }

    // A form inside a list comes back on the page of its own.
    login() {
      const { pathname, search } = this.form.hasAttribute("hx-post") ? new URL(this.form.action) : window.location;
      return `${words.login}?next=${encodeURIComponent(pathname + search)}`;
    }
  }

  const attach = (root) => {
    const forms = [...root.querySelectorAll("form[data-draft]"), ...(root.matches?.("form[data-draft]") ? [root] : [])];
    for (const form of forms.filter((one) => !drafts.has(one))) {
      drafts.set(form, new Draft(form));
      drafts.get(form).read();
    }
  };

  const all = () => [...document.querySelectorAll("form[data-draft]")].map((form) => drafts.get(form)).filter(Boolean);

  document.addEventListener("DOMContentLoaded", () => attach(document));
  document.addEventListener("htmx:load", (event) => attach(event.detail.elt));
  document.addEventListener("visibilitychange", () => {
    for (const one of all()) if (document.visibilityState === "hidden" && one.dirty) one.save();
  });
  // Nobody is sent to the log-in before what was typed last lies here.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.(`a[href^="${words.login}"]`);
    const dirty = all().filter((one) => one.dirty);
    if (!link || !dirty.length) return;
    event.preventDefault();
    await Promise.all(dirty.map((one) => one.save()));
    window.location.assign(link.href);
  });
  window.addEventListener("pagehide", () => {
    for (const one of all()) if (one.dirty) one.save();
  });

  // An ordinary form is sent only once it is known that somebody takes it: the text stays here otherwise.
  document.addEventListener("submit", async (event) => {
    const draft = drafts.get(event.target);
    if (!draft || event.defaultPrevented) return;
    const { form } = draft;
    const sign = form.querySelector("[name=csrfmiddlewaretoken]");
    if (sign) sign.value = token() || sign.value;
    if (form.dataset.draftLooked) {
      delete form.dataset.draftLooked;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    const state = await draft.save();
    if (state === "ended") {
      draft.say("ended");
      draft.banner.scrollIntoView({ block: "center" });
      draft.banner.querySelector("a").focus();
      return;
    }
    form.dataset.draftLooked = "yes";
    form.requestSubmit(submitter);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && !toLogin(event)) drafts.get(event.detail.elt)?.rest();
  });

  const toLogin = (event) => event.detail.xhr?.getResponseHeader("HX-Redirect")?.startsWith(words.login);

  document.addEventListener("htmx:beforeOnLoad", async (event) => {
    const draft = drafts.get(event.detail.elt);
    if (!draft || !toLogin(event)) return;
    event.preventDefault();
    await draft.save();
    window.location.assign(draft.login());
  });
})();
