"""Log lines: one JSON object each, ids of the work, and no secret anywhere (runtime.md §8, SEC-41)."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog

from lunarfront.kernel.logs import configure_logging
from lunarfront.kernel.redaction import CARD, MASK, clean, clean_text
from lunarfront.kernel.runtime.testing import rig_settings

CARDS = ("4242424242424242", "4242 4242 4242 4242", "5555-5555-5555-4444", "378282246310005")
TOKEN = "lf_0123456789abcdefghijklmnopqrstuvwxyz"
KEY = "rk_live_" + "a1b2c3d4" * 3
JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Configure logging into memory; call it to read what was written."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logging(replace(rig_settings(tmp_path), log="json", log_level="info"), stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_is_one_json_object_with_time_level_event_and_ids(lines: Any) -> None:
    structlog.contextvars.bind_contextvars(request_id="r-1", job_id="j-1")
    structlog.get_logger("shop").info("sale.completed", ms=12.5, company_id="c-1", note=None)
    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "sale.completed", "level": "info", "logger": "shop", "ms": 12.5, "company_id": "c-1",
        "request_id": "r-1", "job_id": "j-1",
    }  # fmt: skip


def test_lines_of_libraries_take_the_same_way(lines: Any) -> None:
    logging.getLogger("some.library").warning("card %s of %s", CARDS[0], "Ada")
    logging.getLogger("some.library").debug("too much")
    (line,) = lines()
    assert (line["event"], line["level"]) == (f"card {CARD} of Ada", "warning")


def test_sec_41_secrets_are_removed_by_name(lines: Any) -> None:
    structlog.get_logger().info(
        "x", password="violin", api_key="k", Authorization="Basic zzz", pin="2468", license_body="{}",
        nested={"card_number": "1", "deeper": [{"client_secret": "s", "name": "Ada"}]}, has_pin=True,
    )  # fmt: skip
    (line,) = lines()
    for name in ("password", "api_key", "Authorization", "pin", "license_body"):
        assert line[name] == MASK
    assert line["nested"] == {"card_number": MASK, "deeper": [{"client_secret": MASK, "name": "Ada"}]}
    assert line["has_pin"] is True


@pytest.mark.parametrize(
    "text",
    [
        *CARDS, f"Bearer {TOKEN}", TOKEN, JWT, "postgresql://lf_app:hunter22@db/x", "redis://:hunter22@host/0",
        "password=hunter22", 'token: "hunter22"', "https://x.example/?api_key=hunter22&b=1",
        KEY,
    ],
)  # fmt: skip
def test_sec_41_secrets_are_removed_from_texts(lines: Any, text: str) -> None:
    structlog.get_logger().info(f"it was {text}", detail=[text], raw=text.encode())
    try:
        raise ValueError(text)
    except ValueError:
        structlog.get_logger().exception("failed")
    written = json.dumps(lines())
    secret = next((s for s in ("hunter22", TOKEN, JWT, KEY) if s in text), text)
    assert secret not in written
    assert "ValueError" in written


@pytest.mark.parametrize(
    "text",
    [
        "order 4242424242424241 of 2026-11-24", "018f3c2a-7b1c-7d7d-8c1a-0123456789ab", "request took 12345678 ms",
        "tokens are counted", "the pin board", "https://shop.example/api/v1/accounts",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(text: str) -> None:
    assert clean_text(text) == text


def test_sec_41_objects_are_searched_too(lines: Any) -> None:
    class Holder:
        def __repr__(self) -> str:
            return "Holder(password=hunter22)"

    structlog.get_logger().info("x", holder=Holder())
    assert "hunter22" not in json.dumps(lines())


def test_deep_values_end() -> None:
    value: Any = "4242424242424242"
    for _ in range(40):
        value = [value]
    assert "4242424242424242" not in json.dumps(clean(value))


def test_pretty_lines_are_for_people(tmp_path: Path, lines: Any) -> None:
    stream = io.StringIO()
    configure_logging(replace(rig_settings(tmp_path), log="pretty"), stream)
    structlog.get_logger().info("sale.completed", password="hunter22")
    assert "sale.completed" in stream.getvalue()
    assert "hunter22" not in stream.getvalue()
