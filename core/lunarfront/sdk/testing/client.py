"""An API client for tests: Flask's own, signed in by token, with a fresh Idempotency-Key on every post."""

from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from lunarfront.kernel.ids import uuid7


class ApiClient:
    """Calls ``/api/v1`` as one person at one till."""

    def __init__(self, app: Flask, token: str | None, terminal_id: UUID | None = None) -> None:
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        if terminal_id is not None:
            self._headers["X-Terminal-Id"] = str(terminal_id)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a request; keyword arguments are headers with ``_`` for ``-``."""
        sent = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            sent.setdefault("Idempotency-Key", uuid7().hex)
        target = path if path.startswith("/api/") else f"/api/v1{path}"
        return self._client.open(target, method=method, json=body, headers=sent)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Send a GET."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a POST."""
        return self.call("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, version: int, **headers: str) -> TestResponse:
        """Send a PATCH of the row's ``version``."""
        return self.call("PATCH", path, body, **({"If_Match": f'"{version}"'} | headers))

    def delete(self, path: str, version: int) -> TestResponse:
        """Send a DELETE of the row's ``version``."""
        return self.call("DELETE", path, If_Match=f'"{version}"')
