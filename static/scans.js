// The page of scans: ZIPs are sent as they are, everything else is put into ZIPs here; each is sent in pieces and goes
// on after a break. Without this script the form sends one ZIP or one scan.
"use strict";

(() => {
  const form = document.querySelector(".dropform");
  if (!form) return;
  const words = form.dataset;
  const zone = document.getElementById("zona");
  const input = document.getElementById("berkas");
  const fault = document.getElementById("salah");
  const sending = document.getElementById("pengiriman");
  const bar = document.getElementById("maju");
  const state = document.getElementById("keadaan");
  const MOST_BYTES = 500 * 1024 * 1024;
  const MOST_FILES = 5000;
  let current = null;

  const folder = document.createElement("input");
  Object.assign(folder, { type: "file", webkitdirectory: true, multiple: true });
  form.classList.add("scripted");
  document.getElementById("pemilih").hidden = false;
  document.getElementById("kirim").hidden = true;
  input.multiple = true;

  const size = (bytes) => {
    const units = ["B", "KB", "MB", "GB"];
    let unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) {
      bytes /= 1024;
      unit += 1;
    }
    return `${bytes.toLocaleString("id-ID", { maximumFractionDigits: unit && bytes < 100 ? 1 : 0 })} ${units[unit]}`;
  };

  const say = (sentence) => {
    if (state.textContent !== sentence) state.textContent = sentence;
  };

  const showSending = (yes) => {
    sending.hidden = !yes;
    zone.hidden = yes;
    if (yes) document.getElementById("batal").focus({ preventScroll: true });
  };

  const refuse = (sentence) => {
    document.getElementById("salah-kalimat").textContent = sentence;
    fault.hidden = false;
    fault.focus();
  };

  // Every file of what was dropped, with its path, folders included.
  const filesOf = async (entry, path = "") => {
    if (entry.isFile) return [[path + entry.name, await new Promise((resolve, reject) => entry.file(resolve, reject))]];
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return found;
      for (const one of some) found.push(...(await filesOf(one, `${path}${entry.name}/`)));
    }
  };

  // ZIPs as they are; the rest by their names, so that the same files make the same ZIPs.
  const bundles = (files) => {
    const zips = files.filter(([path]) => path.toLowerCase().endsWith(".zip"));
    const others = files.filter(([path]) => !path.toLowerCase().endsWith(".zip"));
    others.sort(([one], [other]) => (one < other ? -1 : 1));
    const made = zips.map(([path, file]) => ({ name: path.split("/").pop(), file }));
    let bundle = { files: [], bytes: 0 };
    for (const [path, file] of others) {
      if (bundle.files.length && (bundle.bytes + file.size > MOST_BYTES || bundle.files.length === MOST_FILES)) {
        made.push(bundle);
        bundle = { files: [], bytes: 0 };
      }
      bundle.files.push([path, file]);
      bundle.bytes += file.size;
    }
    if (bundle.files.length) made.push(bundle);
    return made;
  };

  const fileOf = async (bundle) => {
    if (bundle.file) return bundle.file;
    const count = bundle.files.length;
    const parts = await Zip.make(bundle.files, (at) => {
      if (at % 20 === 0) say(words.gathering.replace("{at}", at).replace("{count}", count));
    });
    return new File(parts, `${words.bundle.replace("{count}", count)}.zip`, { type: "application/zip" });
  };

  const progressOf = (file) => {
    const show = (bytes, sentence) => {
      const percent = file.size ? Math.floor((bytes * 100) / file.size) : 0;
      bar.value = percent;
      say(sentence.replace("{sent}", size(bytes)).replace("{total}", size(file.size)).replace("{percent}", percent));
    };
    return {
      onChecking: () => say(words.checking),
      onProgress: (bytes) => show(bytes, bytes < file.size ? words.sending : words.storing),
      onBreak: (bytes) => show(bytes, words.broken),
    };
  };

  // Where an unfinished sending goes on, as this browser remembers it.
  const remembered = (sha256, bytes) => localStorage.getItem(`pindaian:${words.create}:${sha256}:${bytes}`);
  const remember = (tus) =>
    localStorage.setItem(`pindaian:${words.create}:${tus.sha256}:${tus.file.size}`, tus.address);
  const forget = (tus) => localStorage.removeItem(`pindaian:${words.create}:${tus.sha256}:${tus.file.size}`);

  const send = async (file) => {
    if (file.size > Number(words.limit)) throw { sentence: words.tooLarge };
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const progress = progressOf(file);
    const tus = new Tus(file, {
      create: words.create,
      token,
      known: remembered,
      ...progress,
      onProgress: (bytes) => {
        if (tus.address) remember(tus);
        progress.onProgress(bytes);
      },
    });
    current = tus;
    await tus.run();
    await tus.finish();
    forget(tus);
  };

  const sentenceOf = (ended) => {
    if (ended.sentence) return ended.sentence;
    if (ended.kind === "unreadable" || ended instanceof DOMException) return words.unreadable;
    if (ended.status === 401 || (ended.status === 403 && !ended.message)) return words.ended;
    return ended.message || words.fault;
  };

  const sendAll = async (files) => {
    fault.hidden = true;
    if (files.length === 1 && files[0][0].toLowerCase().endsWith(".csv")) return sendList(files[0][1]);
    const made = bundles(files.filter(([path]) => !path.split("/").pop().startsWith(".")));
    if (!made.length) return refuse(words.nothing);
    showSending(true);
    try {
      for (const [at, bundle] of made.entries()) {
        const name = bundle.name ?? words.bundle.replace("{count}", bundle.files.length);
        const place = words.place.replace("{at}", at + 1).replace("{count}", made.length);
        document.getElementById("nama-berkas").textContent = made.length > 1 ? `${place}: ${name}` : name;
        bar.value = 0;
        say(words.checking);
        await send(await fileOf(bundle));
      }
    } catch (ended) {
      showSending(false);
      if (ended.kind !== "cancelled") refuse(sentenceOf(ended));
      return null;
    }
    return window.location.assign(words.page);
  };

  // A list by itself is no scan: it is sent by the form below, which says what becomes of it.
  const sendList = (file) => {
    const carried = new DataTransfer();
    carried.items.add(file);
    const other = document.getElementById("kirim-daftar");
    other.elements.file.files = carried.files;
    other.submit();
  };

  const picked = (list) => sendAll([...list].map((file) => [file.webkitRelativePath || file.name, file]));
  input.addEventListener("change", () => picked(input.files));
  folder.addEventListener("change", () => picked(folder.files));
  document.getElementById("pilih-folder").addEventListener("click", () => folder.click());
  document.getElementById("batal").addEventListener("click", () => current?.cancel());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    picked(input.files);
  });

  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", async (event) => {
    event.preventDefault();
    // Asked before anything is waited for: afterwards the browser has forgotten what was dropped.
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const loose = [...event.dataTransfer.files].map((file) => [file.name, file]);
    try {
      const found = entries.length ? (await Promise.all(entries.map((entry) => filesOf(entry)))).flat() : loose;
      await sendAll(found);
    } catch {
      refuse(words.unreadable);
    }
  });
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());

  // On a slow network somebody may have picked a file before this script arrived.
  if (input.files.length) picked(input.files);
})();
