// The upload page: drop files, see their bytes go, piece by piece and on again after a break, then follow the upload's
// own page. Without this script the form is sent as an ordinary one.
"use strict";

(() => {
  const form = document.querySelector(".dropform");
  if (!form) return;
  const zone = document.getElementById("zona");
  const input = document.getElementById("berkas");
  const fault = document.getElementById("salah");
  const sending = document.getElementById("pengiriman");
  const bar = document.getElementById("maju");
  const state = document.getElementById("keadaan");
  const words = form.dataset;
  let current = null;

  // The browser's own file field speaks the browser's language; with script ours takes its place.
  const picker = document.getElementById("pilih");
  form.classList.add("scripted");
  picker.hidden = input.disabled;
  input.multiple = true;
  const showChosen = () => {
    const chosen = Array.from(input.files, (file) => `${file.name} · ${size(file.size)}`);
    document.getElementById("dipilih").textContent = chosen.join(", ");
  };
  input.addEventListener("change", showChosen);

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

  // The list of the unfinished steps aside meanwhile: one of them may be what is sent.
  const showSending = (yes) => {
    sending.hidden = !yes;
    zone.hidden = yes;
    document.getElementById("belum-selesai").hidden = yes;
    if (!yes) return;
    document.getElementById("batal").focus({ preventScroll: true });
    sending.scrollIntoView({ block: "center" });
  };

  const refuse = (sentences) => {
    document.getElementById("salah-kalimat").textContent = sentences.join("\n");
    fault.hidden = false;
    fault.focus();
  };

  // What is on the server by now: uploads, and what is not finished.
  const refreshLists = async () => {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
      for (const id of ["belum-selesai", "daftar"]) {
        const fresh = page.getElementById(id);
        if (fresh) document.getElementById(id).replaceWith(fresh);
      }
    } catch {
      // Without a network the lists stay as they are.
    }
  };

  // Where the file goes: the round, or the pool.
  const target = () => form.querySelector("[name=target]:checked")?.value ?? "round";

  const unfinished = (sha256, bytes) => {
    const rows = document.querySelectorAll("#belum-selesai [data-address]");
    const same = (one) => one.dataset.sha256 === sha256 && Number(one.dataset.size) === bytes;
    const row = [...rows].find((one) => same(one) && one.dataset.target === target());
    return row?.dataset.address;
  };

  const progressOf = (file) => {
    let broken = false;
    const show = (bytes, sentence) => {
      const percent = file.size ? Math.floor((bytes * 100) / file.size) : 0;
      bar.value = percent;
      say(sentence.replace("{sent}", size(bytes)).replace("{total}", size(file.size)).replace("{percent}", percent));
    };
    return {
      onChecking: () => say(words.checking),
      onProgress: (bytes) => {
        sending.classList.remove("broken");
        broken = false;
        show(bytes, bytes < file.size ? words.sending : words.storing);
      },
      onBreak: (bytes) => {
        if (!broken) show(bytes, words.broken);
        sending.classList.add("broken");
        broken = true;
      },
    };
  };

  // The address of the page the file leads to.
  const send = async (file, replaces) => {
    if (file.size > Number(words.limit)) throw { sentence: words.tooLarge };
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    current = new Tus(file, { create: `${words.create}?target=${target()}`, token, known: unfinished, ...progressOf(file) });
    await current.run();
    return (await current.finish({ replaces })).url;
  };

  const sentenceOf = (ended) => {
    if (ended.sentence) return ended.sentence;
    if (ended.kind === "unreadable") return words.unreadable;
    if (ended.status === 401 || (ended.status === 403 && !ended.message)) return words.ended;
    return ended.message || (ended.status === 413 ? words.tooLarge : words.fault);
  };

  const begin = (file, at, count) => {
    const place = words.place.replace("{at}", at + 1).replace("{count}", count);
    document.getElementById("nama-berkas").textContent = count > 1 ? `${place}: ${file.name}` : file.name;
    bar.value = 0;
    say("");
  };

  const sendAll = async (files) => {
    fault.hidden = true;
    showSending(true);
    const faults = [];
    let address = null;
    let stopped = false;
    let replaces = form.elements.replaces?.value ?? "";
    for (const [at, file] of files.entries()) {
      begin(file, at, files.length);
      try {
        address = await send(file, replaces);
        replaces = ""; // The first one takes the place, the others come to it.
      } catch (ended) {
        stopped = ended.kind === "cancelled";
        if (stopped) break;
        faults.push(files.length > 1 ? `${file.name}: ${sentenceOf(ended)}` : sentenceOf(ended));
      }
    }
    // The list of the unfinished is read anew only when the server has forgotten what was cancelled.
    await current?.forgotten;
    current = null;
    if (!faults.length && !stopped) {
      window.location.assign(files.length > 1 ? form.action : address);
      return;
    }
    await refreshLists();
    showSending(false);
    if (faults.length) refuse(faults);
    else input.focus();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files.length) sendAll([...input.files]);
  });

  document.getElementById("batal").addEventListener("click", () => current?.cancel());

  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      if (!input.disabled) zone.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!input.disabled && event.dataTransfer.files.length) sendAll([...event.dataTransfer.files]);
  });

  // A file dropped beside the zone must not replace the page.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => event.preventDefault());
  }

  // On a slow network somebody may have chosen a file before this script arrived.
  showChosen();
})();
