"""The public API as the loader uses it: over HTTP, like every other client."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from lunarfront.kernel.config import OperatorError
from lunarfront.kernel.ids import uuid7

REQUEST_SECONDS = 60


class Api(Protocol):
    """Calls ``/api/v1`` and returns the answer's JSON; a refusal raises."""

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request."""


#: Opens the API for a bearer token, or for nobody.
Door = Callable[[str | None], Api]


class HttpApi:
    """The API at an address, for the person and till of a bearer token."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request and return its JSON.

        Raises:
            OperatorError: the API refused it.
        """
        headers = self._headers | ({"Idempotency-Key": uuid7().hex} if method == "POST" else {})
        data = json.dumps(body, default=str).encode() if body is not None else None
        request = urllib.request.Request(  # noqa: S310
            f"{self._url}/api/v1{path}", data=data, method=method, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as answer:  # noqa: S310
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            raise OperatorError(f"{method} {path}: {sentence(error.read())}") from None


def sentence(problem: bytes) -> str:
    """Return what a problem document says."""
    try:
        told: Mapping[str, Any] = json.loads(problem)
    except ValueError:
        return problem.decode(errors="replace")[:200]
    errors = "; ".join(f"{e['field']}: {e['message']}" for e in told.get("errors", []))
    return " ".join(filter(None, (told.get("code"), told.get("detail"), errors)))
