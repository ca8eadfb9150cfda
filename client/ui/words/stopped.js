// @ts-check
/** What a page says that cannot go on, by the code of the reason. */

export const stopped = /** @type {Record<string, {title: string, text: string, again?: boolean}>} */ ({
  not_found: {
    title: 'This link opens no room',
    text: 'It may have been cut off when it was copied, or the room was deleted. Ask the person who sent it for a new one.',
  },
  no_such_room: {
    title: 'This link opens no room',
    text: 'It may have been cut off when it was copied, or the room was deleted. Ask the person who sent it for a new one.',
  },
  link_rotated: {
    title: 'This link was replaced',
    text: 'The owner has made a new link. Ask for it; your hints are still in the picture.',
  },
  room_removed: { title: 'This room was deleted', text: 'Its photograph and its hints were deleted by the owner.' },
  room_full: {
    title: 'This room is full',
    text: 'It holds 500 people, as many as it can. Try again when somebody has left.',
    again: true,
  },
  version_mismatch: {
    title: 'There is a newer page',
    text: 'The server was updated while this page was open. Reload it; everything you did is kept.',
    again: true,
  },
  replaced: { title: 'This page moved on', text: 'It has connected anew elsewhere. Reload to continue here.', again: true },
  malformed: { title: 'The server did not understand this page', text: 'Reload the page. What was acknowledged is safe.', again: true },
  no_link: { title: 'This address is not whole', text: 'The part after # that opens the room is missing. Ask for the link again.' },
  no_webgl: { title: 'This browser cannot draw the picture', text: 'WebGL2 is switched off or missing. Try another browser, or turn on hardware acceleration.', again: true },
  graphics_lost: {
    title: 'The picture was lost',
    text: 'This browser took the graphics away from the page and did not give them back. Reload it; everything you did is kept.',
    again: true,
  },
});

export const stoppedOther = { title: 'The connection has ended', text: 'Reload the page to come back.' };
