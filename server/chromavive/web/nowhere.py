"""What there is to say where nothing is: JSON to scripts, and to people a page with the way home."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from chromavive import errors
from chromavive.web.answers import refusal

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>chromaVive</title>
<p>{sentence}</p>
<p><a href="{home}">To the first page</a></p>
</html>
"""


async def on_nothing_there(request: Request, error: Exception) -> Response:
    """Starlette's handler of addresses that nothing answers, and of methods that an address does not know."""
    assert isinstance(error, HTTPException)
    path: str = request.scope["path"]
    if path.startswith("/api/"):
        answer = refusal(errors.MethodRefused() if error.status_code == 405 else errors.NoSuchRequest())
    else:
        sentence = "This page cannot be asked for like that." if error.status_code == 405 else "There is no such page."
        home = "../" * (path.count("/") - 1) or "./"  # relative, below a sub-path too
        answer = HTMLResponse(_PAGE.format(sentence=sentence, home=home), error.status_code)
    answer.headers.update(error.headers or {})  # Allow, of a method
    return answer
