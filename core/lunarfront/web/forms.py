"""Forms from the schemas of the API: one validation source for both (frontend.md §5).

A schema becomes a list of plain dicts for the macro ``form_fields``; the element ``lf-api-form`` sends what was typed
to the API and shows its answer at the fields, so nothing is checked twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _

from lunarfront.kernel.api import fields as f

FieldView = dict[str, Any]
LONG_TEXT = 300
AUTOCOMPLETE = {"email": "off", "phone": "off"}


def form_fields(
    schema: type[ma.Schema],
    names: Sequence[str],
    data: Mapping[str, Any] | None = None,
    *,
    labels: Mapping[str, str] | None = None,
    choices: Mapping[str, Sequence[tuple[Any, str]]] | None = None,
    helps: Mapping[str, str] | None = None,
    prefix: str = "",
) -> list[FieldView]:
    """Return the fields of a schema as the macros draw them, in the given order.

    Args:
        schema: the request schema of the route that the form is sent to.
        names: which of its fields are shown.
        data: present values, by name.
        labels: words where the name alone does not read well.
        choices: (value, text) pairs for fields whose values are rows, or whose words differ from the values.
        helps: a sentence below a field.
        prefix: where the schema stands in the body, such as ``variants[0]``.
    """
    known = schema().fields
    views = []
    for name in names:
        view = _view(name, known[name], (choices or {}).get(name))
        view["label"] = (labels or {}).get(name) or _readable(name)
        view["help"] = (helps or {}).get(name)
        view["value"] = _shown(known[name], (data or {}).get(name, _default(known[name])))
        view["name"] = f"{prefix}.{name}" if prefix else name
        views.append(view)
    return views


def _view(name: str, field: ma.fields.Field[Any], choices: Sequence[tuple[Any, str]] | None) -> FieldView:
    kind, more = _kind(field)
    attrs: dict[str, Any] = {"data-null": True if field.allow_none else None} | more
    if choices is None and isinstance(field, f.Choice):
        choices = [(word, _readable(word)) for word in field.metadata["enum"]]
    if choices is not None:
        kind, choices = "select", _with_none(field, choices)
    return {
        "name": name,
        "type": kind,
        "required": field.required,
        "choices": choices,
        "maxlength": field.metadata.get("maxLength"),
        "inputmode": _input_mode(kind, field),
        "autocomplete": AUTOCOMPLETE.get(name, "off"),
        "attrs": {key: value for key, value in attrs.items() if value is not None},
    }


#: Field class to its control and to what tells the sender how to read it; the first that fits counts.
_CONTROLS: tuple[tuple[type, str, str | None], ...] = (
    (f.Rate, "percent", "percent"),
    (f.Money, "money", "amount"),
    (f.UnitCost, "money", None),
    (f.Quantity, "quantity", None),
    (ma.fields.Boolean, "checkbox", "bool"),
    (ma.fields.Integer, "text", "int"),
    (ma.fields.Date, "date", None),
    (ma.fields.Email, "email", None),
)


def _kind(field: ma.fields.Field[Any]) -> tuple[str, dict[str, Any]]:
    for kind, control, read_as in _CONTROLS:
        if isinstance(field, kind):
            return control, {"data-type": read_as}
    return ("textarea" if field.metadata.get("maxLength", 0) > LONG_TEXT else "text"), {}


def _with_none(field: ma.fields.Field[Any], choices: Sequence[tuple[Any, str]]) -> list[tuple[Any, str]]:
    optional = field.allow_none or not field.required
    return [("", "–" if field.allow_none else _("Choose…")), *choices] if optional else list(choices)


def _input_mode(kind: str, field: ma.fields.Field[Any]) -> str | None:
    if kind in ("money", "quantity", "percent"):
        return "decimal"
    return "numeric" if isinstance(field, ma.fields.Integer) else None


def _default(field: ma.fields.Field[Any]) -> Any:
    return None if field.load_default is ma.missing or callable(field.load_default) else field.load_default


def _shown(field: ma.fields.Field[Any], value: Any) -> Any:
    if value is None or isinstance(field, ma.fields.Boolean):
        return value
    if isinstance(field, f.Rate):
        return f"{value * 100:f}".rstrip("0").rstrip(".")
    if isinstance(field, f.Quantity):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return value


def _readable(name: str) -> str:
    return _(name.removesuffix("_id").replace("_", " ").capitalize())
