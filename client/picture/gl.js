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

/** A texture at its unit; what it holds is replaced as a whole, and the old texture deleted. */
class Texture {
  /** @protected */
  gl;
  #unit;
  /** @type {WebGLTexture | null} */
  #texture = null;

  /**
   * @param {WebGL2RenderingContext} gl
   * @param {number} unit the texture unit that it is bound to
   */
  constructor(gl, unit) {
    this.gl = gl;
    this.#unit = unit;
  }

  /** Where several share a unit: the one that is read next. */
  bind() {
    this.gl.activeTexture(this.gl.TEXTURE0 + this.#unit);
    this.gl.bindTexture(this.gl.TEXTURE_2D, this.#texture);
  }

  /** A new texture in the old one's place. @protected @param {GLenum} magnified @param {GLenum} reduced how it is filtered */
  replace(magnified, reduced) {
    const { gl } = this;
    this.delete();
    this.#texture = gl.createTexture();
    this.bind();
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, magnified);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, reduced);
  }

  /** One 8 bit channel: the red of a gray picture. @protected @param {ImageBitmap} bitmap */
  fillGray(bitmap) {
    const { gl } = this;
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, gl.RED, gl.UNSIGNED_BYTE, bitmap);
  }

  delete() {
    this.gl.deleteTexture(this.#texture);
    this.#texture = null;
  }
}

/** A gray picture, smooth at any scale. */
export class GrayTexture extends Texture {
  /** @param {ImageBitmap} bitmap */
  upload(bitmap) {
    const { gl } = this;
    this.replace(gl.LINEAR, gl.LINEAR_MIPMAP_LINEAR);
    this.fillGray(bitmap);
    gl.generateMipmap(gl.TEXTURE_2D);
  }
}

/** A gray picture that is drawn at about its own size, smooth; one of several at its unit. */
export class TileTexture extends Texture {
  /** @param {WebGL2RenderingContext} gl @param {number} unit @param {ImageBitmap} bitmap */
  constructor(gl, unit, bitmap) {
    super(gl, unit);
    this.replace(gl.LINEAR, gl.LINEAR);
    this.fillGray(bitmap);
  }
}

/** Four floats a cell, for texelFetch only: filtering floats would need an extension. */
export class CellTexture extends Texture {
  /** @param {Float32Array} values row by row @param {number} width @param {number} height */
  upload(values, width, height) {
    const { gl } = this;
    this.replace(gl.NEAREST, gl.NEAREST);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, width, height, 0, gl.RGBA, gl.FLOAT, values);
  }
}
