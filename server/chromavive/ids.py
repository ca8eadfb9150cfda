"""Ids and secrets: how they are drawn, derived and compared. The only module that draws random numbers.

Every secret is 128 bits in 22 characters of URL-safe base64. Ids that others may see are hashes of secrets, each with a
prefix of its own, so that no hash of one kind can stand for another.
"""

import base64
import hashlib
import hmac
import re
import secrets

SECRET_PATTERN = re.compile(r"[A-Za-z0-9_-]{22}")
ROOM_PATTERN = re.compile(r"[A-Za-z0-9_-]{16}")
HINT_PATTERN = re.compile(r"[A-Za-z0-9_-]{4,24}")
MEMBER_PATTERN = re.compile(r"([0-9a-f]{16})?")  # empty: whoever it was is not known
SEAT_PATTERN = re.compile(r"[A-Za-z0-9_-]{8,32}")


def new_room_id() -> str:
    """A fresh room id, 96 bits, without a dash in front: the command line would take it for an option."""
    while (room := secrets.token_urlsafe(12)).startswith("-"):
        continue
    return room


def new_secret() -> str:
    """A fresh 128-bit secret: a capability, a member's secret, a ticket."""
    return secrets.token_urlsafe(16)


def new_epoch() -> str:
    """The 64 random bits of a room's stay in memory, as 16 hex digits."""
    return secrets.token_hex(8)


def new_seed() -> float:
    """A uniform number in [0, 1) for spreading delays."""
    return secrets.randbits(32) / 2**32


def derived_capability(owner: str, role: str, generation: int) -> str:
    """The editor's or viewer's capability of one generation: HMAC-SHA256(owner's, role and generation), 128 bits."""
    digest = hmac.new(owner.encode(), f"{role}:{generation}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def capability_hash(capability: str) -> str:
    """What the journal keeps of a capability, hex."""
    return _hash("capability", capability)[:32]


def member_id(member_secret: str) -> str:
    """A member's public id, 16 hex digits."""
    return _hash("member", member_secret)[:16]


def seat_id(member_secret: str, seat: str) -> str:
    """A seat's public id, 32 hex digits: it contains the member's secret, so nobody can use another's numbers (R3)."""
    return _hash("seat", f"{member_secret}/{seat}")[:32]


def same_secret(one: str, other: str) -> bool:
    """Whether two secrets or hashes are equal, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _hash(purpose: str, text: str) -> str:
    return hashlib.sha256(f"chromavive {purpose}: {text}".encode()).hexdigest()
