// Puts files into a ZIP without reading them into memory: a Blob of headers and of the files themselves, stored as they
// are. The same files give the same bytes, so that a sending that broke off goes on. Knows nothing about the page.
"use strict";

const Zip = (() => {
  const READ_BYTES = 4 * 1024 * 1024;
  const UTF8_NAMES = 0x800;
  // 1 January 1980, the first day a ZIP knows: the time of a file would make another ZIP of the same files.
  const DAY = 0x21;

  const table = new Uint32Array(256).map((_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value >>> 0;
  });

  const crcOf = async (file) => {
    let crc = 0xffffffff;
    for (let at = 0; at < file.size; at += READ_BYTES) {
      for (const byte of new Uint8Array(await file.slice(at, at + READ_BYTES).arrayBuffer())) {
        crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
      }
    }
    return (crc ^ 0xffffffff) >>> 0;
  };

  const numbers = (...fields) => {
    const out = new DataView(new ArrayBuffer(fields.reduce((sum, [, bytes]) => sum + bytes, 0)));
    let at = 0;
    for (const [value, bytes] of fields) {
      if (bytes === 4) out.setUint32(at, value, true);
      else out.setUint16(at, value, true);
      at += bytes;
    }
    return out.buffer;
  };

  const head = ({ crc, size, name }) => [
    [20, 2], [UTF8_NAMES, 2], [0, 2], [0, 2], [DAY, 2], [crc, 4], [size, 4], [size, 4], [name.length, 2], [0, 2],
  ];

  // ``files`` are [path, File]; ``onFile`` is told how many were read.
  const make = async (files, onFile) => {
    const parts = [];
    const directory = [];
    let offset = 0;
    for (const [at, [path, file]] of files.entries()) {
      onFile(at + 1);
      const entry = { crc: await crcOf(file), size: file.size, name: new TextEncoder().encode(path) };
      parts.push(numbers([0x04034b50, 4], ...head(entry)), entry.name, file);
      directory.push(
        numbers([0x02014b50, 4], [20, 2], ...head(entry), [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
        entry.name,
      );
      offset += 30 + entry.name.length + file.size;
    }
    const size = directory.reduce((sum, part) => sum + part.byteLength, 0);
    const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]);
    return [...parts, ...directory, end];
  };

  return { make };
})();
