"""Lists whose state lives in the URL (UX-02)."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from lunarfront.kernel.api.paging import DEFAULT_LIMIT


def list_query(limit: int = DEFAULT_LIMIT) -> dict[str, Any]:
    """Return the paging part of a list's query from the request."""
    return {"limit": limit, "cursor": request.args.get("cursor") or None, "sort": None, "total": True}


def next_url(cursor: str | None) -> str | None:
    """Return the URL of the next page with the same filter, None on the last one."""
    if cursor is None:
        return None
    kept = {name: value for name, value in request.args.items() if value and name != "cursor"}
    return f"{request.path}?{urlencode(kept | {'cursor': cursor})}"
