// @ts-check
/** The little of WebGL2 that the picture needs. */

/**
 * A linked program.
 * @param {WebGL2RenderingContext} gl @param {string} vertexSource @param {string} fragmentSource
 * @returns {WebGLProgram}
 * @throws {Error} with the driver's info log, where a shader does not compile or the two do not link
 */
export function createProgram(gl, vertexSource, fragmentSource) {
  const program = gl.createProgram();
  const shaders = [
    compile(gl, gl.VERTEX_SHADER, vertexSource),
    compile(gl, gl.FRAGMENT_SHADER, fragmentSource),
  ];
  for (const shader of shaders) gl.attachShader(program, shader);
  gl.linkProgram(program);
  for (const shader of shaders) gl.deleteShader(shader);
  // A lost context answers null to everything: that is no fault of the program, and it is built again on restore.
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the picture's shaders do not link: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}

/**
 * @param {WebGL2RenderingContext} gl @param {GLenum} kind @param {string} source
 * @returns {WebGLShader}
 */
function compile(gl, kind, source) {
  const shader = gl.createShader(kind);
  if (shader === null) throw new Error('WebGL gives no shader');
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
    throw new Error(`a shader of the picture does not compile: ${gl.getShaderInfoLog(shader)}`);
  }
  return shader;
}

/**
 * Where a program's uniforms are, by name.
 * @template {string} Name
 * @param {WebGL2RenderingContext} gl @param {WebGLProgram} program @param {readonly Name[]} names
 * @returns {Record<Name, WebGLUniformLocation | null>}
 */
export function uniformLocations(gl, program, names) {
  const entries = names.map((name) => [name, gl.getUniformLocation(program, name)]);
  return Object.fromEntries(entries);
}

/** A texture of one 8 bit channel: the red of a gray picture. */
export class GrayTexture {
  #gl;
  #unit;
  #filtered;
  /** @type {WebGLTexture | null} */
  #texture = null;

  /**
   * @param {WebGL2RenderingContext} gl
   * @param {number} unit the texture unit that it stays bound to
   * @param {boolean} filtered smooth at any scale, else only for texelFetch
   */
  constructor(gl, unit, filtered) {
    this.#gl = gl;
    this.#unit = unit;
    this.#filtered = filtered;
  }

  /**
   * Replaces what the texture holds; the old one is deleted.
   * @param {ImageBitmap} bitmap
   */
  upload(bitmap) {
    const gl = this.#gl;
    this.delete();
    this.#texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + this.#unit);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, gl.RED, gl.UNSIGNED_BYTE, bitmap);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, this.#filtered ? gl.LINEAR : gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, this.#filtered ? gl.LINEAR_MIPMAP_LINEAR : gl.NEAREST);
    if (this.#filtered) gl.generateMipmap(gl.TEXTURE_2D);
  }

  delete() {
    this.#gl.deleteTexture(this.#texture);
    this.#texture = null;
  }
}
