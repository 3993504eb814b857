"""Sending files, and goods."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lunarfront.kernel.ids import uuid7
from lunarfront.sdk.testing.world import CompanyWorld
from tests.domains.goods import body, category, make

__all__ = ["body", "category", "make"]

Send = Callable[..., TestResponse]


@pytest.fixture
def send(app: Flask, company: CompanyWorld) -> Send:
    """``send("products", text_or_bytes, dry_run=True, role="staff")``."""

    def post(
        kind: str,
        content: str | bytes,
        *,
        dry_run: bool = False,
        role: str = "admin",
        of: CompanyWorld = company,
        mimetype: str = "text/csv",
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {of.people[role].token}", "X-Terminal-Id": str(of.terminal_id)}
        headers["Idempotency-Key"] = uuid7().hex
        data = content.encode() if isinstance(content, str) else content
        path = f"/api/v1/imports/{kind}" + ("?dry_run=1" if dry_run else "?file_name=list.csv")
        return app.test_client().post(path, data=data, headers=headers, content_type=mimetype)

    return post


def places(answer: TestResponse) -> list[Any]:
    """The fields that an answer names as wrong."""
    assert answer.json is not None
    return [error["field"] for error in answer.json["errors"]]
