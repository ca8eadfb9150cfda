"""The first entry of a room."""

import msgspec

from chromavive.hints.entry import Change, Entry, GenerationSet, Opened, Photograph, encode_entry
from chromavive.ids import capability_hash, derived_capability
from chromavive.room.effects import EncodedEntry
from chromavive.wire.messages import Links


def links_of(owner_capability: str, generations: dict[str, int]) -> Links:
    """The three capabilities of a room, from the owner's."""
    return Links(
        owner_capability,
        derived_capability(owner_capability, "editor", generations["editor"]),
        derived_capability(owner_capability, "viewer", generations["viewer"]),
    )


def sealed_hashes(links: Links) -> bytes:
    """The hashes of all three capabilities, as an entry's sealed part."""
    return msgspec.json.encode({role: capability_hash(getattr(links, role)) for role in ("owner", "editor", "viewer")})


def opening_entry(
    photograph: Photograph, network: str, title: str, owner_capability: str, unix_seconds: float
) -> EncodedEntry:
    """Revision 1 of a room. It belongs to no seat."""
    links = links_of(owner_capability, {"editor": 0, "viewer": 0})
    entry = Entry(1, "", "", 0, "opened", (Opened(photograph, network, title),), int(unix_seconds))
    return EncodedEntry(1, "", 0, encode_entry(entry), sealed_hashes(links))


def rotation_of_all(before: dict[str, int], fresh: str) -> tuple[tuple[Change, ...], bytes]:
    """The changes that put a fresh owner's capability, and what follows from it, in the place of all three.

    before: the generations until now. Gives also the new capabilities' hashes, as the entry's sealed part.
    """
    after = {role: generation + 1 for role, generation in before.items()}
    changes = tuple(GenerationSet(role, before[role], after[role]) for role in before)
    return changes, sealed_hashes(links_of(fresh, after))
