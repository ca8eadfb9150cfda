"""Every promised number of the protocol, with its unit and reason."""

PROTOCOL_VERSION = 3
"""Of messages and entries. A page of another version is asked to load itself anew."""

MESSAGE_BYTES_MAX = 256 * 1024
"""One message from a client. A snapshot of 512 hints is about 60 KiB; nothing a page sends comes near this."""

MESSAGE_PIECES_MAX = 256
"""Frames that one message may come in. Browsers cut one of MESSAGE_BYTES_MAX into far fewer; empty ones cost memory."""

HINTS_MAX = 512
"""Hints a room holds. Beyond it nobody could find one again, and a pass would cost more than it shows."""

SWATCHES_MAX = 48
"""Swatches a room holds: six rows of eight in the panel, as many as anybody tells apart."""

MEMBERS_MAX = 500
"""Connections a room holds."""

NAME_CHARACTERS_MAX = 40
"""Of a member's name, which stands beside a cursor, and of a swatch's."""

TITLE_CHARACTERS_MAX = 120
"""Of a room's title, which stands in one line and names downloads."""

HINT_SIZE_MIN = 1.0
"""Side of a hint's square in working pixels, as in the published network's training."""

HINT_SIZE_MAX = 9.0
"""The same, at most."""

AB_MAX = 110.0
"""Largest |a| and |b| of a hint, CIE Lab units: what the published network can take and say."""

CROP_SIDE_PX_MIN = 16
"""Pixels that a crop keeps a side: a photograph has to have as many."""

RESUME_ENTRIES_MAX = 500
"""Missing entries sent one by one on resume; beyond, a snapshot is smaller and faster (R4)."""

HELLO_SECONDS_MAX = 5.0
"""A socket that says no hello for this long is closed (R4)."""

HEAD_SECONDS_MAX = 10.0
"""From a connection's beginning, or a request's first byte, to the end of its head; whoever drips is cut off (R10)."""

GESTURE_SILENCE_SECONDS = 2.0
"""A gesture without a sample for this long has ended (R6); a held finger repeats its sample every second."""

GESTURES_A_SEAT_MAX = 10
"""Fingers."""

GESTURED_HINTS_MAX = 2048
"""Hints that all gestures of a room hold together (R6): four who move all 512. One message tells everybody."""

EDITS_A_SECOND_MAX = 120
"""Edits a page may send, and as many at once (R10): twice what a hand does. The next is asked to come again."""

SAMPLES_A_SECOND_MAX = 240
"""Gesture samples of a page: four fingers at 60 a second. Beyond, the newest of each finger waits for its turn (R6)."""

ROOM_EDITS_A_SECOND_MAX = 500
"""Edits of all pages of a room, and as many at once (R10): each goes to everybody. The next is asked to come again."""

MESSAGES_A_SECOND_MAX = 1000
"""What one connection may say (R10): ten fingers, pointer, edits and answers come to 900. Beyond, it is closed."""

MESSAGES_AT_ONCE_MAX = 2000
"""The same in one go: what a page kept while it was away."""

SEATS_A_CONNECTION_MAX = 16
"""Seats without an entry whose edits one connection sends (R10): tabs that died. Remembered while it is open."""

GESTURE_INTERVAL_SECONDS = 0.05
"""Gestures and presence go out merged, at most this often (R8)."""

GESTURE_INTERVAL_CROWDED_SECONDS = 0.2
"""The same in a room of more than CROWD_MEMBERS: what goes out grows with the square of who is there."""

CROWD_MEMBERS = 50
"""Connections above which a room is crowded."""

CURSORS_MAX = 64
"""Members that a presence lists; more cursors hide the picture. All are counted."""

FRAMES_A_SECOND_MAX = 30.0
"""More than a screen shows of a drag (R7)."""

OUTBOX_BYTES_MAX = 1024 * 1024
"""What may wait for one connection before it is closed and resumes (R8)."""

OUTBOX_MESSAGES_MAX = 1000
"""The same in messages."""

FRAMES_UNPAINTED_MAX = 2
"""Frames sent and not yet painted: one is drawn while the next is under way (R8)."""

PAINTED_SILENCE_SECONDS = 10.0
"""None painted for so long while frames wait: closed, come back (R8)."""

WRITE_SECONDS_MAX = 10.0
"""A write that waited so long belongs to a peer that stopped reading: its transport is aborted (R8)."""

SEND_BUFFER_BYTES = 256 * 1024
"""What the kernel may keep for one socket, of which Linux makes twice as much; else up to 4 MiB for a stalled one."""

PING_INTERVAL_SECONDS = 5.0
"""The server pings this often, and hidden tabs still answer."""

SILENCE_SECONDS_MAX = 60.0
"""A peer that said nothing for so long is gone."""

DOWNLOAD_SILENCE_SECONDS = 30.0
"""A reader of a file who takes nothing for so long gets no more: the file leaves the disk."""

DOWNLOAD_SECONDS_MAX = 3600.0
"""The same of who is not through by then: enough for 100 megapixels as TIFF over 2 Mbit/s."""

RETURN_SECONDS_MIN = 1.0
"""When members of a server that leaves are told to come back (R11): not before a next one can be there."""

RETURNS_A_SECOND = 100
"""How many of them a second: not more than it welcomes with ease."""

RETURN_SECONDS_MAX = 30.0
"""None is told a later time, however many they are."""

EDITS_WAITING_MAX = 400
"""Edits of one room that wait for the journal; the next one is asked to come again (R10).

One append may answer them all, each with an entry and an acceptance, which have to fit a healthy member's outbox.
"""

EDITS_WAITING_BYTES_MAX = 384 * 1024
"""The same in bytes of their entries."""

POINTS_A_PASS_MAX = 64
"""Distinct points whose palettes ride on one pass (R7): a class of thirty fits twice. Beyond, the newest go first.

Choosing nine colors takes a third of a millisecond of the thread that also encodes frames; for all 64, 20 to 30.
"""

UNDO_STEPS_MAX = 100
"""Steps a member can take back, over all its seats (R12)."""
