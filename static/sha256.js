// SHA-256 of a file as it is read, piece after piece. (The browser's own digest wants the whole file in memory, and
// only exists on https.)
"use strict";

const Sha256 = (() => {
  // The first 32 bits of the fractional parts of roots of the first primes (FIPS 180-4).
  const primes = [];
  for (let number = 2; primes.length < 64; number += 1) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  const fraction = (root) => ((root - Math.floor(root)) * 4294967296) | 0;
  const ROUNDS = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
  const BEGIN = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  const BLOCK = 64;

  return class {
    constructor() {
      this.state = Int32Array.from(BEGIN);
      this.words = new Int32Array(64);
      this.rest = new Uint8Array(BLOCK);
      this.resting = 0;
      this.length = 0;
    }

    update(bytes) {
      this.length += bytes.length;
      let at = 0;
      if (this.resting) {
        at = Math.min(BLOCK - this.resting, bytes.length);
        this.rest.set(bytes.subarray(0, at), this.resting);
        this.resting += at;
        if (this.resting < BLOCK) return this;
        this.take(this.rest, 0);
      }
      for (; at + BLOCK <= bytes.length; at += BLOCK) this.take(bytes, at);
      this.rest.set(bytes.subarray(at));
      this.resting = bytes.length - at;
      return this;
    }

    hex() {
      const length = this.length;
      const padding = new Uint8Array(((this.resting < 56 ? 56 : 120) - this.resting) + 8);
      padding[0] = 0x80;
      const view = new DataView(padding.buffer);
      view.setUint32(padding.length - 8, Math.floor(length / 536870912));
      view.setUint32(padding.length - 4, (length * 8) % 4294967296);
      this.update(padding);
      return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    }

    take(bytes, at) {
      const w = this.words;
      for (let i = 0; i < 16; i += 1, at += 4) {
        w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      }
      for (let i = 16; i < 64; i += 1) {
        const x = w[i - 15];
        const y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      const s = this.state;
      let a = s[0];
      let b = s[1];
      let c = s[2];
      let d = s[3];
      let e = s[4];
      let f = s[5];
      let g = s[6];
      let h = s[7];
      for (let i = 0; i < 64; i += 1) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + t1) | 0;
        d = c;
        c = b;
        b = a;
        a = (t1 + t2) | 0;
      }
      s[0] += a;
      s[1] += b;
      s[2] += c;
      s[3] += d;
      s[4] += e;
      s[5] += f;
      s[6] += g;
      s[7] += h;
    }
  };
})();
