"""Photographs in and pictures out; the only home of Pillow.

Only the contract is named here: the decoding child imports this package before its limits hold.
"""

from chromavive.pictures.contract import LIGHTNESS_SCALE, ChildLimits, DecodedMeta, PhotographLimits

__all__ = ["LIGHTNESS_SCALE", "ChildLimits", "DecodedMeta", "PhotographLimits"]
