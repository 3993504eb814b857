"""Hashed files for a year, precompressed where the browser takes it (frontend.md §3)."""

import re

from flask import Blueprint, Response, request, send_from_directory
from werkzeug.exceptions import NotFound

from lunarfront.kernel.api.endpoint import public
from lunarfront.web.assets import DIST

static_files = Blueprint("static_files", __name__)
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".map": "application/json",
}


@static_files.get("/static/dist/<name>")
@public
def built(name: str) -> Response:
    """Serve one file of the build; its name changes with its content, so it never needs asking again."""
    suffix = "." + name.rsplit(".", 1)[-1]
    if not _NAME.fullmatch(name) or suffix not in _TYPES or not (DIST / name).is_file():
        raise NotFound
    encoding, file = _variant(name)
    response = send_from_directory(DIST, file, mimetype=_TYPES[suffix], conditional=True)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def _variant(name: str) -> tuple[str, str]:
    for encoding, suffix in _ENCODINGS:
        if request.accept_encodings[encoding] and (DIST / (name + suffix)).is_file():
            return encoding, name + suffix
    return "", name
