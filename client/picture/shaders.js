// @ts-check
/**
 * The picture's two shaders: the same arithmetic as color/lab.js and color/chroma.js, and so as the server's.
 * Kept in step by tests/browser/test_picture_pixels.py, which compares pixels with numpy.
 */

/** A rectangle over the picture: its place comes as (left, top, width, height) in device pixels, y down. */
export const VERTEX = `#version 300 es
uniform vec4 place;
uniform vec2 canvas;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 screen = (place.xy + corner * place.zw) / canvas;
  gl_Position = vec4(2.0 * screen.x - 1.0, 1.0 - 2.0 * screen.y, 0.0, 1.0);
}
`;

/**
 * L of the gray texture and ab of the chroma's lines to sRGB. The cells are interpolated by hand, for the hardware filters
 * floats only by an extension and has 8 bits for the share. Where a pixel of the screen holds several of the gray, it shows
 * the mean of their colors, as the export reduced by area means does (docs/decisions/0007-tiles.md).
 */
export const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;

uniform sampler2D gray;     // the gray copy, or a tile
uniform vec4 window;        // a place of the picture becomes one of the gray: times xy, plus zw
uniform sampler2D lines;    // of each cell: slope of a, of b, offset of a, of b
uniform sampler2D bounds;   // low of a, of b, high of a, of b
uniform vec4 place;
uniform vec2 canvas;
uniform ivec2 cells;        // width, height
uniform float colorAmount;
uniform float tapsMax;      // on either axis; beyond them the gray's own reductions serve
out vec4 color;


vec4 between(sampler2D values, ivec2 first, ivec2 second, vec2 share) {
  vec4 above = mix(texelFetch(values, first, 0), texelFetch(values, ivec2(second.x, first.y), 0), share.x);
  vec4 below = mix(texelFetch(values, ivec2(first.x, second.y), 0), texelFetch(values, second, 0), share.x);
  return mix(above, below, share.y);
}

vec2 chromaAt(vec2 norm, float lightness) {
  vec2 center = clamp(norm * vec2(cells) - 0.5, vec2(0.0), vec2(cells - 1));
  ivec2 first = ivec2(floor(center));
  ivec2 second = min(first + 1, cells - 1);
  vec2 share = center - vec2(first);
  vec4 line = between(lines, first, second, share);
  vec4 bound = between(bounds, first, second, share);
  return clamp(line.xy * lightness + line.zw, bound.xy, bound.zw);
}

float linearFromSrgb(float srgb) {
  return srgb > 0.04045 ? pow((srgb + 0.055) / 1.055, 2.4) : srgb / 12.92;
}

float srgbFromLinear(float linear) {
  return linear > 0.0031308 ? 1.055 * pow(linear, 1.0 / 2.4) - 0.055 : linear * 12.92;
}

float fFromXyz(float xyz) {
  return xyz > 0.008856 ? pow(xyz, 1.0 / 3.0) : 7.787 * xyz + 16.0 / 116.0;
}

float xyzFromF(float f) {
  return f > 0.2068966 ? f * f * f : (f - 16.0 / 116.0) / 7.787;
}

// GLSL takes matrices column by column.
const mat3 RGB_FROM_XYZ = mat3(
   3.2404813432, -0.9692549500,  0.0556466391,
  -1.5371515163,  1.8759900015, -0.2040413384,
  -0.4985363262,  0.0415559266,  1.0573110696
);

vec3 shownAt(vec2 norm, float level) {
  float y = fFromXyz(linearFromSrgb(textureLod(gray, norm * window.xy + window.zw, level).r));
  // Without a frame there are no cells to read.
  vec2 ab = colorAmount > 0.0 ? chromaAt(norm, 116.0 * y - 16.0) * colorAmount : vec2(0.0);
  vec3 f = vec3(y + ab.x / 500.0, y, max(y - ab.y / 200.0, 0.0));
  vec3 xyz = vec3(xyzFromF(f.x), xyzFromF(f.y), xyzFromF(f.z)) * vec3(0.95047, 1.0, 1.08883);
  vec3 linear = RGB_FROM_XYZ * xyz;
  return clamp(vec3(srgbFromLinear(linear.r), srgbFromLinear(linear.g), srgbFromLinear(linear.b)), 0.0, 1.0);
}

void main() {
  vec2 corner = vec2(gl_FragCoord.x, canvas.y - gl_FragCoord.y) - 0.5 - place.xy;
  // Of the gray's pixels in one of the screen's, on either axis. A hundredth more is none: sizes are rounded.
  vec2 held = window.xy * vec2(textureSize(gray, 0)) / place.zw;
  vec2 taps = clamp(ceil(held - 0.01), 1.0, tapsMax);
  float level = max(log2(max(held.x / taps.x, held.y / taps.y)), 0.0);
  vec3 sum = vec3(0.0);
  for (float row = 0.5; row < taps.y; row++) {
    for (float column = 0.5; column < taps.x; column++) {
      sum += shownAt((corner + vec2(column, row) / taps) / place.zw, level);
    }
  }
  color = vec4(sum / (taps.x * taps.y), 1.0);
}
`;

export const UNIFORMS = /** @type {const} */ ([
  'gray',
  'window',
  'lines',
  'bounds',
  'place',
  'canvas',
  'cells',
  'colorAmount',
  'tapsMax',
]);
