"""A client of the public HTTP API: keep-alive, one connection per thread, retries that cannot do anything twice."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

TRIES = 6
#: Answers after which the same request may be sent again.
AGAIN = {408, 425, 429, 502, 503, 504}
AGAIN_CODES = {"request_in_progress", "conflict"}
PAUSE_SECONDS, LONGEST_PAUSE = 0.2, 30.0


class Refused(Exception):
    """The API said no; the text is its own sentence."""

    def __init__(self, status: int, problem: Any) -> None:
        self.status, self.problem = status, problem if isinstance(problem, dict) else {}
        self.code = str(self.problem.get("code", ""))
        super().__init__(f"{status} {self.code}: {self.problem.get('detail') or problem}"[:500])


class Api:
    """Calls ``/api/v1`` with one token, optionally at a till."""

    def __init__(self, url: str, token: str, terminal_id: str | None = None) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        self._https = parts.scheme == "https"
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port
        self._base = f"{parts.path.rstrip('/').removesuffix('/api/v1')}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if terminal_id:
            self._headers["X-Terminal-Id"] = terminal_id
        self._local = threading.local()

    def get(self, path: str, **filters: Any) -> Any:
        """Read."""
        return self._call("GET", f"{path}?{urlencode(filters)}" if filters else path, None, {})

    def post(self, path: str, body: Any = None) -> Any:
        """Write; a lost answer is asked for again with the same Idempotency-Key (IDM-01)."""
        return self._call("POST", path, body or {}, {"Idempotency-Key": uuid.uuid4().hex})

    def patch(self, path: str, version: int, body: Any) -> Any:
        """Change a row of this version."""
        return self._call("PATCH", path, body, {"If-Match": f'"{version}"'})

    def pages(self, path: str, **filters: Any) -> Iterator[Any]:
        """Read a whole list."""
        cursor = None
        while True:
            page = self.get(path, limit=200, **filters, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        payload = None if body is None else json.dumps(body).encode()
        for attempt in range(1, TRIES + 1):
            try:
                status, answer, wait = self._once(method, path, payload, self._headers | headers)
            except (OSError, http.client.HTTPException) as error:
                self._drop()
                if attempt == TRIES:
                    raise Refused(0, f"no answer: {error}") from error
                status, answer, wait = 0, None, None
            if 200 <= status < 300:
                return answer
            code = answer.get("code") if isinstance(answer, dict) else None
            if attempt == TRIES or (status and status not in AGAIN and code not in AGAIN_CODES):
                raise Refused(status, answer)
            time.sleep(min(LONGEST_PAUSE, float(wait) if wait else PAUSE_SECONDS * 2**attempt))
        raise AssertionError("unreachable")

    def _once(
        self, method: str, path: str, payload: bytes | None, headers: dict[str, str]
    ) -> tuple[int, Any, str | None]:
        connection = self._connection()
        connection.request(method, f"{self._base}{path}", payload, headers)
        response = connection.getresponse()
        content = response.read()
        wait = response.headers.get("Retry-After")
        return response.status, _json(content), wait if wait and wait.isdigit() else None

    def _connection(self) -> http.client.HTTPConnection:
        found: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if found is None:
            kind = http.client.HTTPSConnection if self._https else http.client.HTTPConnection
            found = self._local.connection = kind(self._host, self._port, timeout=120)
        return found

    def _drop(self) -> None:
        found = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            self._local.connection = None


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content[:300].decode(errors="replace")
