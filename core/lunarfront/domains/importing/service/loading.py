"""Rows of a file through the schemas of the API, so that a file is checked like a request."""

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma

from lunarfront.kernel.faults import Faults


def load_row(schema: ma.Schema, body: Mapping[str, Any], faults: Faults) -> dict[str, Any] | None:
    """Return the loaded body of a row, or note what is wrong with it and return None."""
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ma.ValidationError as error:
        _note(error.messages, "", faults)
        return None
    return loaded


def _note(node: Any, path: str, faults: Faults) -> None:
    if isinstance(node, Mapping):
        for key, child in node.items():
            _note(child, _join(path, key), faults)
        return
    for message in node if isinstance(node, Sequence) and not isinstance(node, str) else [node]:
        faults.add(path, getattr(message, "code", "validation_failed"), str(message))


def _join(path: str, key: Any) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)
