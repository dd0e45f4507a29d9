// Sends one file in pieces by tus 1.0 and goes on by itself after a break. Knows nothing about the page.
"use strict";

const Tus = (() => {
  const PIECE_BYTES = 4 * 1024 * 1024;
  const READ_BYTES = 1024 * 1024;
  // Without a byte for so long the connection counts as broken, even when nobody has said so.
  const STALLED_MS = 45_000;
  const LONGEST_WAIT_MS = 30_000;
  // Faults of the server that pass: tried so often without a byte getting on.
  const PASSING = new Set([408, 425, 429, 460, 500, 502, 503, 504]);
  const TRIES = 6;

  // The sending ended: refused with a status and perhaps a sentence, or cancelled, or the file cannot be read.
  class Ended extends Error {
    constructor(kind, { status = 0, message = "" } = {}) {
      super(message);
      this.kind = kind;
      this.status = status;
    }
  }

  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  const bytesOf = async (file, from, to) => {
    try {
      return new Uint8Array(await file.slice(from, to).arrayBuffer());
    } catch {
      throw new Ended("unreadable"); // moved, changed or deleted meanwhile
    }
  };

  return class {
    // ``known(sha256, size)`` is the address of an unfinished sending of this very file, if there is one.
    constructor(file, { create, token, known, onChecking, onProgress, onBreak }) {
      Object.assign(this, { file, create, token, known, onChecking, onProgress, onBreak });
      this.cancelled = false;
      this.forgotten = null;
      this.request = null;
      this.address = null;
      this.wake = () => {};
    }

    // The address of the file once every byte of it has arrived. Throws Ended.
    async run() {
      this.sha256 = await this.digest();
      this.address = this.known(this.sha256, this.file.size) || null;
      let offset = null;
      let failures = 0;
      for (;;) {
        const before = offset;
        try {
          if (!this.address) {
            this.address = await this.declare();
            offset = 0;
          }
          if (offset === null) offset = await this.arrived();
          this.onProgress(offset);
          if (offset === this.file.size) return this.address;
          offset = await this.send(offset);
          failures = 0;
        } catch (broken) {
          if (broken instanceof Ended) throw broken;
          failures += 1;
          if (!this.passes(broken.status, failures)) throw new Ended("refused", broken);
          offset = null; // asked anew: more may have arrived than was answered
          if (broken.status === 404) this.address = null;
          if (broken.status === 404 || broken.status === 409) continue;
          this.onBreak(before ?? 0);
          await this.pause(Math.min(1000 * 2 ** (failures - 1), LONGEST_WAIT_MS));
        }
      }
    }

    // What the server answers once the file is whole: {url}. ``fields`` go with it. Throws Ended.
    async finish(fields = {}) {
      for (let tries = 1; ; tries += 1) {
        try {
          const headers = { "X-Requested-With": "XMLHttpRequest" };
          const answer = await this.ask("POST", `${this.address}selesai/`, headers, new URLSearchParams(fields));
          return answer.body;
        } catch (broken) {
          if (broken instanceof Ended) throw broken;
          if ([404, 409].includes(broken.status) || !this.passes(broken.status, tries)) throw new Ended("refused", broken);
          this.onBreak(this.file.size);
          await this.pause(Math.min(1000 * 2 ** (tries - 1), LONGEST_WAIT_MS));
        }
      }
    }

    // Stop, and have what arrived forgotten; ``forgotten`` comes true once the server has answered.
    cancel() {
      this.cancelled = true;
      this.request?.abort();
      this.wake();
      this.forgotten = this.forget();
    }

    async forget() {
      if (!this.address) return;
      try {
        await this.ask("DELETE", this.address, {}, null, { evenCancelled: true });
      } catch {
        // Without a network it stays in the list of the unfinished, where it can be cancelled again.
      }
    }

    // Whether it may be tried again: without a network for ever, other faults some times.
    passes(status, failures) {
      if (status === 0) return true;
      if (status === 404) return this.address !== null && failures < 3; // expired, or cancelled elsewhere
      return failures < TRIES && (status === 409 || PASSING.has(status));
    }

    async digest() {
      const digest = new Sha256();
      for (let at = 0; at < this.file.size; at += READ_BYTES) {
        if (this.cancelled) throw new Ended("cancelled");
        this.onChecking(at);
        digest.update(await bytesOf(this.file, at, at + READ_BYTES));
      }
      return digest.hex();
    }

    async declare() {
      const answer = await this.ask("POST", this.create, {
        "Upload-Length": String(this.file.size),
        "Upload-Metadata": `filename ${base64(this.file.name)},sha256 ${base64(this.sha256)}`,
      });
      return answer.header("Location");
    }

    async arrived() {
      const answer = await this.ask("HEAD", this.address);
      return Number(answer.header("Upload-Offset"));
    }

    async send(offset) {
      const piece = await bytesOf(this.file, offset, offset + PIECE_BYTES);
      const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
      const onProgress = (sent) => this.onProgress(offset + sent);
      const answer = await this.ask("PATCH", this.address, headers, piece, { onProgress });
      return Number(answer.header("Upload-Offset"));
    }

    // One request. Throws {status, message} for whatever is not a success; status 0 is a broken connection.
    ask(method, address, headers = {}, body = null, { onProgress = () => {}, evenCancelled = false } = {}) {
      if (this.cancelled && !evenCancelled) return Promise.reject(new Ended("cancelled"));
      return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        this.request = request;
        let watch = null;
        const stalled = () => request.abort();
        const alive = () => {
          clearTimeout(watch);
          watch = setTimeout(stalled, STALLED_MS);
        };
        request.open(method, address);
        request.setRequestHeader("Tus-Resumable", "1.0.0");
        request.setRequestHeader("X-CSRFToken", this.token);
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.upload.addEventListener("progress", (event) => {
          alive();
          onProgress(event.loaded);
        });
        request.addEventListener("loadend", () => {
          clearTimeout(watch);
          if (this.cancelled && !evenCancelled) return reject(new Ended("cancelled"));
          let answer = {};
          try {
            answer = JSON.parse(request.responseText);
          } catch {
            // A page of the proxy, of the log-in, or nothing: the status says what it was.
          }
          if (request.status >= 200 && request.status < 300) {
            return resolve({ header: (name) => request.getResponseHeader(name), body: answer });
          }
          return reject({ status: request.status, message: answer.message ?? "" });
        });
        alive();
        request.send(body);
      });
    }

    // Until the time is over, or the network is back, or somebody cancels.
    pause(milliseconds) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => this.wake(), milliseconds);
        this.wake = () => {
          clearTimeout(timer);
          window.removeEventListener("online", this.wake);
          resolve();
        };
        window.addEventListener("online", this.wake);
      });
    }
  };
})();
