// @ts-check
/** Sends a photograph and tells how far it is. XMLHttpRequest, because fetch tells no upload progress. */

import { ApiError } from './http.js';

/**
 * What the server says of a room that it opened.
 * @typedef {{room: string, capability: string, links: {owner: string, editor: string, viewer: string}}} OpenedRoom
 */

/**
 * Opens a room with a photograph, or with a sample.
 * @param {{url: string, photograph?: Blob, password?: string, onProgress?: (part: number) => void, signal: AbortSignal}} request
 *   onProgress: the part that was sent, 0 to 1
 * @returns {Promise<OpenedRoom>}
 * @throws {ApiError} with the server's code and sentence, or code "offline"
 */
export function openRoom({ url, photograph, password, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    if (password) request.setRequestHeader('Authorization', `Bearer ${encodeURIComponent(password)}`);
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      const answer = parsed(request.responseText);
      if (request.status === 201) resolve(answer);
      else reject(new ApiError(answer.code ?? 'offline', answer.sentence ?? '', request.status));
    });
    request.addEventListener('error', () => reject(new ApiError('offline', '', 0)));
    request.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(photograph ?? null);
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
