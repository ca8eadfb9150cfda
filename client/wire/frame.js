// @ts-check
/** The binary chroma frame, as in the server's wire/frame.py, where its 64 bytes are drawn. */

const HEADER_BYTES = 64;
const MAGIC = 0x31465643; // "CVF1", little-endian
const PAYLOAD_TYPES = ['image/webp', 'image/jpeg'];

/**
 * What a frame says of itself. A plane's value is offset + step * byte, CIE Lab units; height and width are of one plane.
 * @typedef {object} FrameHeader
 * @property {string} epoch 16 hex digits
 * @property {number} look
 * @property {number} revision
 * @property {boolean} settled
 * @property {string} network
 * @property {number} heightPx
 * @property {number} widthPx
 * @property {number} aOffset
 * @property {number} aStep
 * @property {number} bOffset
 * @property {number} bStep
 * @property {number} passMs
 * @property {string} payloadType
 * @property {boolean} preview for this page alone: it has no look and is not to be painted
 */

/** These bytes are not a chroma frame. */
export class NotAFrame extends Error {}

/**
 * The header and the payload: an image of the a plane over the b plane.
 * @param {ArrayBuffer} buffer
 * @returns {{header: FrameHeader, payload: Blob}}
 * @throws {NotAFrame}
 */
export function unpackFrame(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) throw new NotAFrame();
  const payloadType = PAYLOAD_TYPES[view.getUint8(5)];
  if (payloadType === undefined) throw new NotAFrame(`payload type ${view.getUint8(5)}`);
  const bytes = new Uint8Array(buffer);
  const header = {
    epoch: Array.from(bytes.subarray(12, 20), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    look: Number(view.getBigUint64(20, true)),
    revision: Number(view.getBigUint64(28, true)),
    settled: (view.getUint8(4) & 1) === 1,
    network: String.fromCharCode(...bytes.subarray(52, 64)).replace(/\0+$/, ''),
    heightPx: view.getUint16(6, true),
    widthPx: view.getUint16(8, true),
    aOffset: view.getFloat32(36, true),
    aStep: view.getFloat32(40, true),
    bOffset: view.getFloat32(44, true),
    bStep: view.getFloat32(48, true),
    passMs: view.getUint16(10, true) / 10,
    payloadType,
    preview: (view.getUint8(4) & 2) === 2,
  };
  return { header, payload: new Blob([bytes.subarray(HEADER_BYTES)], { type: payloadType }) };
}

/**
 * Whether a frame that came may replace the one shown (R7): of the room's present epoch, no preview, and not of an older
 * look. The settled frame of the look that is shown may come after its moving one, not before.
 * @param {FrameHeader | null} shown
 * @param {FrameHeader} header
 * @param {string | null} epoch the welcome's
 */
export function newerFrame(shown, header, epoch) {
  if (header.epoch !== epoch || header.preview) return false;
  if (shown === null || shown.epoch !== epoch) return true;
  return header.look > shown.look || (header.look === shown.look && (header.settled || !shown.settled));
}
