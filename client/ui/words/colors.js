// @ts-check
/** What swatches are called until somebody gives them a name. */

/** Hues in degrees of Lab, each up to the first number: its name where it is light, where it is dark. @type {[number, string, string][]} */
const HUES = [
  [18, 'Rose', 'Wine'],
  [42, 'Red', 'Brick'],
  [68, 'Orange', 'Brown'],
  [98, 'Yellow', 'Olive'],
  [128, 'Lime', 'Moss'],
  [168, 'Green', 'Forest'],
  [215, 'Mint', 'Teal'],
  [273, 'Sky', 'Petrol'],
  [307, 'Blue', 'Navy'],
  [328, 'Lilac', 'Violet'],
  [348, 'Pink', 'Plum'],
  [361, 'Rose', 'Wine'],
];
const GRAY_CHROMA = 7;
const SKIN_CHROMA = 32;
const DARK_LIGHTNESS = 45;

/** A friendly name. @param {number} lightness @param {number} a @param {number} b */
export function colorName(lightness, a, b) {
  const chroma = Math.hypot(a, b);
  if (chroma < GRAY_CHROMA) return 'Gray';
  const hue = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  const isDark = lightness < DARK_LIGHTNESS;
  if (!isDark && chroma < SKIN_CHROMA && hue > 30 && hue < 75) return 'Skin';
  const [, light, dark] = HUES.find(([end]) => hue < end) ?? HUES[0];
  return isDark ? dark : light;
}
