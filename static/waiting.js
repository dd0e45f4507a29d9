// Rows that wait in this browser until they are accepted: kept in IndexedDB, sealed with a key that only the server
// gives, only to who typed them. At log-out all of them are erased, after a question when some were not sent.
"use strict";

class WaitingRows {
  static possible() {
    return Boolean(window.crypto?.subtle && window.indexedDB);
  }

  constructor(owner, key) {
    this.owner = owner;
    const bytes = Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0));
    this.key = crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  static database() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("silon-menunggu", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("baris", { keyPath: "ref" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  // One transaction; on return it is on the disk.
  static async act(mode, work) {
    const database = await WaitingRows.database();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction("baris", mode, { durability: "strict" });
        const asked = work(transaction.objectStore("baris"));
        transaction.oncomplete = () => resolve(asked?.result);
        transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  bound(ref) {
    return new TextEncoder().encode(`${this.owner}|${ref}`);
  }

  // ``content`` is any value; the time keeps the order in which rows were typed.
  async put(ref, at, content) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(content));
    const how = { name: "AES-GCM", iv, additionalData: this.bound(ref) };
    const data = await crypto.subtle.encrypt(how, await this.key, plain);
    await WaitingRows.act("readwrite", (store) => store.put({ ref, at, owner: this.owner, iv, data }));
  }

  remove(ref) {
    return WaitingRows.act("readwrite", (store) => store.delete(ref));
  }

  async has(ref) {
    return (await WaitingRows.act("readonly", (store) => store.count(ref))) > 0;
  }

  // The owner's rows in their order. What does not open is of another key: nobody can read it any more.
  async all() {
    const kept = await WaitingRows.act("readonly", (store) => store.getAll());
    const found = [];
    for (const one of kept.filter((row) => row.owner === this.owner).sort((a, b) => a.at - b.at)) {
      try {
        const how = { name: "AES-GCM", iv: one.iv, additionalData: this.bound(one.ref) };
        const plain = await crypto.subtle.decrypt(how, await this.key, one.data);
        found.push({ ref: one.ref, at: one.at, content: JSON.parse(new TextDecoder().decode(plain)) });
      } catch {
        await this.remove(one.ref);
      }
    }
    return found;
  }

  // Drafts of forms (drafts.js) lie here too; they are kept on the server as well, and are no rows.
  static async count() {
    const kept = await WaitingRows.act("readonly", (store) => store.getAll());
    return kept.filter((one) => !one.owner.startsWith("draf.")).length;
  }

  static clear() {
    return WaitingRows.act("readwrite", (store) => store.clear());
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-leaves]") || form.dataset.left || !WaitingRows.possible()) return;
  event.preventDefault();
  const waiting = await WaitingRows.count().catch(() => 0);
  if (waiting && !window.confirm(form.dataset.leaves.replace("{n}", waiting))) return;
  await WaitingRows.clear().catch(() => {});
  form.dataset.left = "yes";
  form.requestSubmit();
});
