"""A photograph with or without a recipe, as a request brings it: the bytes alone, or multipart/form-data (RFC 7578)."""

from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from chromavive import errors
from chromavive.web.answers import body_of

RECIPE_BYTES_MAX = 256 * 1024
"""As a message to a room, which may bring one too; 512 hints are about 80 KiB."""

AROUND_BYTES_MAX = 64 * 1024
"""Of a form, besides its parts: boundaries, headers, and what stands before and after."""

_PHOTO, _RECIPE = "photo", "recipe"


class PhotographForm:
    """The parts of one request, in whichever order they come: `photograph` streams one and keeps the other."""

    def __init__(self, request: Request) -> None:
        self._body = body_of(request)
        kind, options = parse_options_header(request.headers.get("content-type"))
        self._parser: MultipartParser | None = None
        self._seen: set[str] = set()
        self._part = ""
        self._ended = False
        self._header, self._value = b"", b""
        self._disposition = ""
        self._photo: list[bytes] = []  # bounded by a chunk of the body
        self._around_bytes = 0
        self.recipe = b""
        """The recipe's bytes, once the photograph was read to its end; empty where there is none."""
        if kind == b"multipart/form-data":
            self._parser = self._parser_of(options.get(b"boundary", b""))

    async def photograph(self) -> AsyncIterator[bytes]:
        """The photograph's bytes as they come in.

        Raises:
            RequestMalformed: the form is none, is not whole, or holds something else.
        """
        async for chunk in self._body:
            if self._parser is None:
                yield chunk
                continue
            self._around_bytes += len(chunk)
            try:
                self._parser.write(chunk)
            except FormParserError as error:
                raise errors.RequestMalformed("The form cannot be read.") from error
            if self._around_bytes > AROUND_BYTES_MAX + RECIPE_BYTES_MAX:
                raise errors.RequestMalformed("The form holds more than a photo and a recipe.")
            for part in self._photo:
                yield part
            self._photo.clear()
        if self._parser is not None and (not self._ended or _PHOTO not in self._seen):
            raise errors.RequestMalformed("The form is not whole: it needs a part named photo.")

    def _parser_of(self, boundary: bytes) -> MultipartParser:
        if not boundary:
            raise errors.RequestMalformed("The form says no boundary.")
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._on_field,
                "on_header_value": self._on_value,
                "on_header_end": self._on_header,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_end": self._on_end,
            },
        )

    def _begin(self) -> None:
        self._header = self._value = b""
        self._disposition = ""

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._disposition = options.get(b"name", b"").decode("utf-8", "replace")
        self._header = self._value = b""

    def _on_headers(self) -> None:
        self._part = self._disposition
        if self._part not in (_PHOTO, _RECIPE):
            raise errors.RequestMalformed(f"A form has no part named {self._part[:40]!r} here: only photo and recipe.")
        if self._part in self._seen:
            raise errors.RequestMalformed(f"The form has two parts named {self._part}; one is taken.")
        self._seen.add(self._part)

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._part == _PHOTO:
            self._around_bytes -= end - start
            self._photo.append(data[start:end])
        else:
            self.recipe += data[start:end]
            if len(self.recipe) > RECIPE_BYTES_MAX:
                raise errors.RequestMalformed("The recipe is larger than any that a room gives.")

    def _on_end(self) -> None:
        self._ended = True
