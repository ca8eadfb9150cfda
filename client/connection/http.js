// @ts-check
/** Requests to the server: what a right is needed for carries its capability (R13), and every failure is typed. */

/** The application's place, also below a sub-path: this module lies at static/TREE/connection/http.js of it. */
const API = new URL('../../../api/', import.meta.url).href;

/** A request that was refused, or that did not reach the server (code "offline", status 0, no sentence). */
export class ApiError extends Error {
  /** @param {string} code @param {string} sentence @param {number} status */
  constructor(code, sentence, status) {
    super(sentence || code);
    this.code = code;
    this.sentence = sentence;
    this.status = status;
  }
}

/**
 * What is to be made of the picture.
 * @typedef {object} ExportWish
 * @property {'png' | 'jpeg' | 'webp' | 'tiff'} format
 * @property {number} [quality] 1 to 100, of jpeg and webp
 * @property {'picture' | 'side_by_side' | 'colors'} [layout]
 */

export class Api {
  #capability;
  #base;
  #origin;
  #fetch;

  /**
   * @param {object} [options]
   * @param {string} [options.capability]
   * @param {string} [options.base] where the API is, with a slash at its end
   * @param {string} [options.origin] the page's, as its socket will say it: a fetch from the same place does not
   * @param {typeof fetch} [options.fetch]
   */
  constructor({ capability, base = API, origin = globalThis.location?.origin, fetch = globalThis.fetch.bind(globalThis) } = {}) {
    this.#capability = capability;
    this.#base = base;
    this.#origin = origin;
    this.#fetch = fetch;
  }

  /** @param {string} path below the API */
  url(path) {
    return new URL(path, this.#base).href;
  }

  /** @param {string} room */
  socketUrl(room) {
    return this.url(`rooms/${encodeURIComponent(room)}/socket`).replace(/^http/, 'ws');
  }

  /**
   * @param {string} path below the API
   * @param {RequestInit} [init]
   * @returns {Promise<any>}
   * @throws {ApiError}
   */
  async json(path, init) {
    return arrived((await this.#request(path, init)).json());
  }

  /**
   * @param {string} path below the API
   * @param {RequestInit} [init]
   * @returns {Promise<Blob>}
   * @throws {ApiError}
   */
  async blob(path, init) {
    return arrived((await this.#request(path, init)).blob());
  }

  /**
   * The gray picture as shown, and its full size, of which it may be a smaller copy.
   * @param {string} room
   * @param {{turn: number, crop: import('../wire/messages.js').Crop}} view
   * @param {AbortSignal} [signal]
   * @returns {Promise<{blob: Blob, fullHeightPx: number, fullWidthPx: number}>}
   */
  async gray(room, { turn, crop }, signal) {
    const answer = await this.#request(`rooms/${encodeURIComponent(room)}/gray?turn=${turn}&crop=${crop.join(',')}`, { signal });
    const [fullHeightPx, fullWidthPx] = (answer.headers.get('X-Full-Size') ?? '0x0').split('x').map(Number);
    return { blob: await arrived(answer.blob()), fullHeightPx, fullWidthPx };
  }

  /**
   * The colors that the photograph came with, as a chroma frame.
   * @param {string} room
   * @param {{turn: number, crop: import('../wire/messages.js').Crop}} view
   */
  async setAside(room, { turn, crop }) {
    return (await this.blob(`rooms/${encodeURIComponent(room)}/set_aside?turn=${turn}&crop=${crop.join(',')}`)).arrayBuffer();
  }

  /**
   * One tile of the gray picture as shown.
   * @param {string} room
   * @param {{turn: number, crop: import('../wire/messages.js').Crop}} view
   * @param {import('../picture/tile_grid.js').Tile} tile
   * @param {AbortSignal} signal
   */
  tile(room, { turn, crop }, { level, x, y }, signal) {
    const query = `level=${level}&turn=${turn}&crop=${crop.join(',')}`;
    return this.blob(`rooms/${encodeURIComponent(room)}/tiles/${x}/${y}?${query}`, { signal });
  }

  /**
   * Makes the picture, and gives where it can be fetched once, within a minute.
   * @param {string} room
   * @param {ExportWish} wish
   * @param {{onProgress?: (share: number) => void, signal?: AbortSignal}} [options] onProgress: 0 to 1. Aborting cancels it
   * @returns {Promise<string>}
   * @throws {ApiError}
   */
  async exportUrl(room, wish, { onProgress, signal } = {}) {
    const answer = await this.#request(`rooms/${encodeURIComponent(room)}/exports`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/x-ndjson' },
      body: JSON.stringify(wish),
      signal,
    });
    for await (const line of linesOf(answer)) {
      const told = JSON.parse(line);
      if (told.code !== undefined) throw new ApiError(told.code, told.sentence, answer.status);
      if (told.ticket !== undefined) return this.url(`tickets/${encodeURIComponent(told.ticket)}`);
      onProgress?.(told.progress);
    }
    throw new ApiError('offline', '', 0); // it ended in the middle
  }

  /**
   * The room's recipe, a file, and what it is called.
   * @param {string} room
   */
  async recipe(room) {
    const answer = await this.#request(`rooms/${encodeURIComponent(room)}/recipe`);
    return { blob: await arrived(answer.blob()), name: fileName(answer) };
  }

  /** Makes the room's backup, and gives where it can be fetched once, within a minute. @param {string} room */
  async backupUrl(room) {
    const { ticket } = await this.json(`rooms/${encodeURIComponent(room)}/backups`, { method: 'POST' });
    return this.url(`tickets/${encodeURIComponent(ticket)}`);
  }

  /**
   * Where the color of the bare picture is the least certain; null: nowhere.
   * @param {string} room
   * @returns {Promise<{x: number | null, y: number | null}>}
   */
  ask(room) {
    return this.json(`rooms/${encodeURIComponent(room)}/ask`);
  }

  /** @param {string} room */
  async deleteRoom(room) {
    await this.#request(`rooms/${encodeURIComponent(room)}`, { method: 'DELETE' });
  }

  /**
   * What keeps a page from connecting, in words; null where not even that can be asked.
   * @param {string} room
   * @param {number} version
   * @returns {Promise<import('./socket.js').Reach | null>}
   */
  async reach(room, version) {
    try {
      const query = new URLSearchParams({ room, version: String(version), ...(this.#origin && { origin: this.#origin }) });
      return await this.json(`reach?${query}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return error.code === 'offline' ? null : { reachable: false, code: error.code, sentence: error.sentence };
    }
  }

  /**
   * @param {string} path
   * @param {RequestInit} [init]
   * @returns {Promise<Response>} an answer in the 200s
   */
  async #request(path, init = {}) {
    const headers = new Headers(init.headers);
    if (this.#capability !== undefined) headers.set('Authorization', `Bearer ${this.#capability}`);
    const answer = await arrived(this.#fetch(this.url(path), { ...init, headers }));
    if (!answer.ok) throw await errorOf(answer);
    return answer;
  }
}

/**
 * What came over the network, whose end in the middle of a body is as bad as none at all.
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function arrived(promise) {
  return promise.catch((error) => {
    if (error instanceof TypeError) throw new ApiError('offline', '', 0); // fetch's one word for every network failure
    throw error;
  });
}

/** What the server calls a file; empty where it says nothing. @param {Response} answer */
function fileName({ headers }) {
  const told = headers.get('Content-Disposition') ?? '';
  const [, encoded, plain] = /filename\*=utf-8''([^;]+)|filename="([^"]*)"/i.exec(told) ?? [];
  return encoded === undefined ? plain ?? '' : decodeURIComponent(encoded);
}

/**
 * The lines of an answer, each as soon as it is there.
 * @param {Response} answer
 */
async function* linesOf({ body }) {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value = '' } = await arrived(reader.read());
      const lines = (rest + value).split('\n');
      rest = done ? '' : lines.pop() ?? '';
      yield* lines.filter((line) => line !== '');
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {}); // one that broke off has nothing to cancel
  }
}

/** @param {Response} answer @returns {Promise<ApiError>} */
async function errorOf(answer) {
  try {
    const { code = 'offline', sentence = '' } = await arrived(answer.json());
    return new ApiError(code, sentence, answer.status);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new ApiError('offline', '', answer.status); // a proxy's page, not ours
  }
}
