// @ts-check
/** The numbers of the server's limits.py that a page has to know. Units and reasons stand there. */

export const PROTOCOL_VERSION = 3;

export const HINTS_MAX = 512;
export const SWATCHES_MAX = 48;
export const HINT_SIZE_MIN = 1;
export const HINT_SIZE_MAX = 9;
export const HINT_SIZE_DEFAULT = 5;
export const AB_MAX = 110;
export const CROP_SIDE_PX_MIN = 16;

export const NAME_CHARACTERS_MAX = 40;
export const TITLE_CHARACTERS_MAX = 120;

export const PING_INTERVAL_SECONDS = 5;
export const GESTURE_INTERVAL_SECONDS = 0.05;
