"""Swatches: the colors that a room keeps by name, for all who are in it."""

import msgspec


class NamedColor(msgspec.Struct, frozen=True):
    """A color with a name, without a place. a, b: CIE Lab units; name: may be empty."""

    id: str
    name: str
    a: float
    b: float
