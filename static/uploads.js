// The upload page: drop a file, see its bytes go, then follow the upload's own page. Without this script the form
// is sent as an ordinary one.
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
  let request = null;

  // The browser's own file field speaks the browser's language; with script ours takes its place.
  const picker = document.getElementById("pilih");
  form.classList.add("scripted");
  picker.hidden = input.disabled;
  input.addEventListener("change", () => {
    const file = input.files[0];
    document.getElementById("dipilih").textContent = file ? `${file.name} · ${size(file.size)}` : "";
  });

  const size = (bytes) => {
    const units = ["B", "KB", "MB", "GB"];
    let unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) {
      bytes /= 1024;
      unit += 1;
    }
    return `${bytes.toLocaleString("id-ID", { maximumFractionDigits: unit && bytes < 100 ? 1 : 0 })} ${units[unit]}`;
  };

  const showSending = (yes) => {
    sending.hidden = !yes;
    zone.hidden = yes;
  };

  const refuse = (sentence) => {
    showSending(false);
    document.getElementById("salah-kalimat").textContent = sentence;
    fault.hidden = false;
    fault.focus();
  };

  const answered = () => {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // Not our own answer: a page of the proxy, or of the log-in. The status says what it was.
    }
    if (answer.url) {
      window.location.assign(answer.url);
    } else if (answer.message) {
      refuse(answer.message);
    } else if (request.status === 401 || request.status === 403) {
      refuse(words.ended);
    } else if (request.status === 413) {
      refuse(words.tooLarge);
    } else {
      refuse(words.fault);
    }
  };

  const send = (file) => {
    if (file.size > Number(words.limit)) {
      refuse(words.tooLarge);
      return;
    }
    fault.hidden = true;
    document.getElementById("nama-berkas").textContent = file.name;
    bar.value = 0;
    state.textContent = "";
    showSending(true);
    document.getElementById("batal").focus();

    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    body.append("file", file, file.name);
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.addEventListener("progress", (event) => {
      const percent = event.total ? Math.floor((event.loaded * 100) / event.total) : 0;
      bar.value = percent;
      const sent = words.sending.replace("{sent}", size(event.loaded)).replace("{total}", size(event.total));
      state.textContent = percent < 100 ? `${sent} · ${percent} %` : words.storing;
    });
    request.addEventListener("load", answered);
    request.addEventListener("error", () => refuse(words.broken));
    request.addEventListener("abort", () => {
      showSending(false);
      input.focus();
    });
    request.send(body);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files.length) send(input.files[0]);
  });

  document.getElementById("batal").addEventListener("click", () => request?.abort());

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
    if (input.disabled) return;
    const files = event.dataTransfer.files;
    if (files.length > 1) refuse(words.oneOnly);
    else if (files.length === 1) send(files[0]);
  });

  // A file dropped beside the zone must not replace the page.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => event.preventDefault());
  }
})();
