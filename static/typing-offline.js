// On the typing page: lets the browser keep what is shown instead while the network is gone. On that page: says how
// many rows wait, and opens the typing page again as soon as there is a network.
"use strict";

(() => {
  const form = document.getElementById("ketik");
  if (form) {
    navigator.serviceWorker?.register(form.dataset.worker, { scope: location.pathname }).catch(() => {});
    return;
  }
  const again = () => location.reload();
  window.addEventListener("online", again);
  // That word may come before the network carries anything, and it comes once.
  setInterval(() => {
    if (navigator.onLine) fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok && again(), () => {});
  }, 5000);
  document.getElementById("coba-lagi").addEventListener("click", again);
  const line = document.getElementById("menunggu");
  const tell = (waiting) => {
    line.hidden = !waiting;
    line.querySelector("strong").textContent = waiting;
  };
  if (WaitingRows.possible()) WaitingRows.count().then(tell, () => {});
})();
