"""Why a picture cannot be had as somebody wishes it, in words."""

import re

import msgspec

from chromavive.errors import RequestMalformed
from chromavive.pictures.export_form import FORMATS, LAYOUTS

_PLACE = re.compile(r"`\$\.(\w+)`$")
_UNKNOWN = re.compile(r"unknown field `(.+)`", re.DOTALL)
_MAY_BE = {
    "format": f"The format is one of {', '.join(FORMATS)}.",
    "quality": "The quality is a whole number from 1 to 100.",
    "layout": f"The layout is one of {', '.join(LAYOUTS)}.",
    "vividness": "The vividness is a number from 0 to 1.",
    "network": "The network is a name.",
}
"""By field, what msgspec says in terms of types and paths."""


def wish_refused(error: Exception, wish: type[msgspec.Struct]) -> RequestMalformed:
    """The refusal of what could not be decoded as this wish."""
    told = str(error)
    place = _PLACE.search(told)
    if place is not None and place[1] in _MAY_BE:
        return RequestMalformed(_MAY_BE[place[1]])
    fields = ", ".join(wish.__struct_fields__)
    unknown = _UNKNOWN.search(told)
    if unknown is not None:
        return RequestMalformed(f"{unknown[1][:40]!r} cannot be asked for here, only {fields}.")
    return RequestMalformed(f"The wish is not a JSON object of {fields}.")
