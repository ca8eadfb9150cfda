// @ts-check
/**
 * A link as a QR code (ISO/IEC 18004): bytes, versions 1 to 5, error correction L, mask 0. Of what a standard leaves to
 * choose only what a link needs: all in one block, no number of the version in the picture.
 */

/** Codewords of versions 1 to 5: of data, and those that correct errors. */
const DATA = [19, 34, 55, 80, 108];
const CORRECTING = [7, 10, 15, 20, 26];
/** Mode "bytes" in 4 bits, their count in 8, an end of 4. */
const FRAMING_BYTES = 2;
/** Level L and mask 0, with their own correction and mask. */
const FORMAT = 0b111011111000100;

/**
 * @param {string} text
 * @returns {boolean[][] | null} rows, true where it is dark, without the quiet margin of 4; null: too long
 */
export function qrCode(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = DATA.findIndex((length) => length >= bytes.length + FRAMING_BYTES);
  if (version < 0) return null;
  const bits = codewords(bytes, version).flatMap((word) => bitsOf(word, 8));
  const { modules, fixed } = frame(21 + 4 * version);
  fill(modules, fixed, bits);
  return modules;
}

/** @param {number} value @param {number} count the highest first */
const bitsOf = (value, count) => Array.from({ length: count }, (_, index) => ((value >> (count - 1 - index)) & 1) === 1);

/** Data and correction. @param {number[]} bytes @param {number} version from 0 */
function codewords(bytes, version) {
  const bits = [...bitsOf(4, 4), ...bitsOf(bytes.length, 8), ...bytes.flatMap((byte) => bitsOf(byte, 8)), ...bitsOf(0, 4)];
  /** @type {number[]} */
  const data = [];
  for (let at = 0; at < bits.length; at += 8) data.push(bits.slice(at, at + 8).reduce((word, bit) => 2 * word + Number(bit), 0));
  for (let pad = 0xec; data.length < DATA[version]; pad ^= 0xec ^ 0x11) data.push(pad);
  return [...data, ...remainder(data, CORRECTING[version])];
}

/** Product in the field of 256 elements over x^8 + x^4 + x^3 + x^2 + 1. @param {number} one @param {number} other */
function product(one, other) {
  let result = 0;
  for (let bit = 7; bit >= 0; bit--) {
    result = (result << 1) ^ ((result >> 7) * 0x11d);
    if ((other >> bit) & 1) result ^= one;
  }
  return result;
}

/** The Reed-Solomon correction of a block. @param {number[]} data @param {number} degree */
function remainder(data, degree) {
  let generator = [1];
  let root = 1;
  for (let index = 0; index < degree; index++) {
    const times = generator.map((factor) => product(factor, root));
    generator = [...generator, 0].map((factor, at) => factor ^ (at > 0 ? times[at - 1] : 0));
    root = product(root, 2);
  }
  let rest = Array(degree).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    rest = [...rest.slice(1), 0].map((word, at) => word ^ product(generator[at + 1], factor));
  }
  return rest;
}

/** What is the same for every text of a size: finders, timing, alignment, format. @param {number} size */
function frame(size) {
  const modules = Array.from({ length: size }, () => Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => Array(size).fill(false));
  /** @param {number} row @param {number} column @param {boolean} dark */
  const set = (row, column, dark) => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    modules[row][column] = dark;
    fixed[row][column] = true;
  };
  /** Rings around a center, light where `light` has their distance. @param {number} row @param {number} column @param {number} reach @param {number[]} light */
  const rings = (row, column, reach, light) => {
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) set(row + dy, column + dx, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (let at = 0; at < size; at++) for (const [row, column] of [[6, at], [at, 6]]) set(row, column, at % 2 === 0);
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]]) rings(row, column, 4, [2, 4]);
  if (size > 21) rings(size - 7, size - 7, 2, [1]);
  for (let bit = 0; bit < 15; bit++) {
    const dark = ((FORMAT >> bit) & 1) === 1;
    set(bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, 8, dark);
    set(8, bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit, dark);
  }
  set(size - 8, 8, true);
  return { modules, fixed };
}

/** Bits in columns of two from the right, up and down in turns. @param {boolean[][]} modules @param {boolean[][]} fixed @param {boolean[]} bits */
function fill(modules, fixed, bits) {
  const size = modules.length;
  let next = 0;
  for (let right = size - 1, upward = true; right > 0; right -= 2, upward = !upward) {
    if (right === 6) right = 5; // the column of the timing is none
    for (let step = 0; step < size; step++) {
      const row = upward ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (!fixed[row][column]) modules[row][column] = (bits[next++] ?? false) !== ((row + column) % 2 === 0);
      }
    }
  }
}
