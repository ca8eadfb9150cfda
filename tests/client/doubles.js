// @ts-check
/** Doubles of what the client takes as arguments: a clock that is moved by hand, sockets, storage. */

export class ManualClock {
  #now = 100;
  /** @type {{atSeconds: number, then: () => void}[]} */
  #timers = [];

  nowSeconds = () => this.#now;

  /** @param {number} seconds @param {() => void} then */
  after = (seconds, then) => {
    const timer = { atSeconds: this.#now + seconds, then };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };

  /** How many timers wait. */
  get waiting() {
    return this.#timers.length;
  }

  /** Moves on, and calls what is due in the order in which it is due. @param {number} seconds */
  advance(seconds) {
    const end = this.#now + seconds;
    for (;;) {
      const due = this.#timers.filter(({ atSeconds }) => atSeconds <= end).sort((one, other) => one.atSeconds - other.atSeconds);
      if (due.length === 0) break;
      const [next] = due;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.atSeconds);
      next.then();
    }
    this.#now = end;
  }

  /** Moves on without calling anything: the page was hidden and its timers slept. @param {number} seconds */
  sleep(seconds) {
    this.#now += seconds;
  }
}

/** A hub that does what each test tells it to. */
export function fakeHub() {
  /** @type {FakeSocket[]} */
  const sockets = [];

  class FakeSocket {
    binaryType = 'blob';
    /** @type {any[]} messages that the page sent */
    sent = [];
    /** @type {number | null} */
    closedWith = null;
    /** @type {() => void} */
    onopen = () => {};
    /** @type {(event: {data: string | ArrayBuffer}) => void} */
    onmessage = () => {};
    /** @type {(event: {code: number, reason: string}) => void} */
    onclose = () => {};

    /** @param {string} url */
    constructor(url) {
      this.url = url;
      sockets.push(this);
    }

    /** @param {string} text */
    send(text) {
      this.sent.push(JSON.parse(text));
    }

    /** @param {number} code */
    close(code) {
      this.closedWith = code;
    }

    /** What the hub says. @param {object | string | ArrayBuffer} message */
    say(message) {
      const isText = typeof message === 'string' || message instanceof ArrayBuffer;
      this.onmessage({ data: isText ? message : JSON.stringify(message) });
    }

    /** The connection ends. @param {number} code @param {string} [reason] */
    end(code, reason = '') {
      this.onclose({ code, reason });
    }

    /** The page is welcomed. @param {object} [fields] */
    welcome(fields = {}) {
      this.onopen();
      this.say(welcome(fields));
    }
  }

  return {
    sockets,
    WebSocketClass: /** @type {new (url: string) => WebSocket} */ (/** @type {unknown} */ (FakeSocket)),
    /** The newest one. */
    get socket() {
      return /** @type {FakeSocket} */ (sockets.at(-1));
    },
  };
}

export const EPOCH = 'e0e0e0e0e0e0e0e0';
export const MEMBER = 'm'.repeat(16);
export const SEAT = 's'.repeat(32);

/** @returns {import('../../client/wire/messages.js').State} */
export function emptyState() {
  return {
    photograph: { sha256: 'ab', height_px: 300, width_px: 401, had_colors: false },
    network: 'stub',
    title: '',
    locked: false,
    viewers_export: true,
    vividness: 0,
    turn: 0,
    crop: [0, 0, 1, 1],
    generations: { owner: 0, editor: 0, viewer: 0 },
    hints: {},
    swatches: {},
  };
}

/**
 * A welcome with a snapshot of revision 1, unless the fields say otherwise.
 * @param {Partial<import('../../client/wire/messages.js').Welcome>} fields
 * @returns {import('../../client/wire/messages.js').Welcome}
 */
export function welcome(fields = {}) {
  return {
    type: 'welcome',
    version: 3,
    room: 'r'.repeat(16),
    epoch: EPOCH,
    role: 'editor',
    member: MEMBER,
    seat: SEAT,
    number: 0,
    revision: 1,
    chain: 'c1',
    working_px: [192, 256],
    look: 1,
    engine: {
      device: 'cpu',
      networks: [{ name: 'stub', precision: 'fp32', guided: true, distribution: 'stub' }],
      default: 'stub',
      note: '',
    },
    entries: null,
    state: fields.entries ? null : emptyState(),
    rolled_back: false,
    links: null,
    ...fields,
  };
}

/** A browser's storage, which may be full. */
export class FakeStorage {
  /** @type {Map<string, string>} */
  #items = new Map();
  full = false;

  get length() {
    return this.#items.size;
  }

  /** @param {number} index */
  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  /** @param {string} key */
  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    this.#items.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.#items.delete(key);
  }

  clear() {
    this.#items.clear();
  }
}
