"""Base schema: unknown fields are refused, and errors become problems with listed codes (SEC-32)."""

from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.fields import Coded
from lunarfront.kernel.problems import FieldError, Problem


class LfSchema(ma.Schema):
    """A schema of a request body or an answer."""

    error_messages = {
        "unknown": Coded("unknown_field", "This field is not known here."),
        "type": Coded("validation_failed", "This must be an object."),
    }

    class Meta:
        unknown = ma.RAISE


class Row(LfSchema):
    """What every answer about a stored row carries."""

    id = ma.fields.UUID(dump_only=True)
    created_at = f.Timestamp(dump_only=True)


class VersionedRow(Row):
    """A row with its optimistic lock: send ``version`` back in ``If-Match`` (OCC-01)."""

    updated_at = f.Timestamp(dump_only=True)
    version = ma.fields.Integer(dump_only=True)


class LegacyIn(LfSchema):
    """Where a row came from (GEN-01)."""

    legacy_id = f.Text(max_length=120, allow_none=True)
    legacy_source = f.Text(max_length=60, allow_none=True)


def problem_from(messages: Mapping[Any, Any]) -> Problem:
    """Turn marshmallow's messages into a problem. One code for all fields is the problem's own code."""
    errors = tuple(_flatten(messages, ""))
    codes = {error.code for error in errors}
    code = codes.pop() if len(codes) == 1 else "validation_failed"
    first = errors[0] if errors else None
    detail = f"{first.field}: {first.message}" if first else ""
    return Problem(code, detail, errors=errors)


def _flatten(node: Any, path: str) -> Iterator[FieldError]:
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield from _flatten(child, _join(path, key))
        return
    for message in node if isinstance(node, list) else [node]:
        if isinstance(message, Mapping):
            yield from _flatten(message, path)
        else:
            yield FieldError(path, getattr(message, "code", "validation_failed"), str(message))


def _join(path: str, key: Any) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    if key == "_schema":
        return path
    return f"{path}.{key}" if path else str(key)
