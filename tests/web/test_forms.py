"""Forms drawn from API schemas (frontend.md §5)."""

from decimal import Decimal

import marshmallow as ma
from flask import Flask

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema
from lunarfront.web.forms import form_fields


class ThingIn(LfSchema):
    """A request with one field of each kind."""

    name = f.Text(max_length=120, required=True)
    notes = f.Text(max_length=4000, allow_none=True)
    price = f.Money(low="0")
    rate = f.Rate(allow_none=True)
    qty = f.Quantity()
    kind = f.Choice("stocked", "service", required=True)
    category_id = ma.fields.UUID(allow_none=True)
    is_active = f.Flag(load_default=True)
    days = f.Integer(low=0)


def test_a_schema_becomes_fields(app: Flask) -> None:
    names = list(ThingIn().fields)
    data = {"rate": Decimal("0.0825"), "qty": Decimal("2.000"), "price": Decimal("9.99")}
    with app.test_request_context():
        views = {
            view["name"]: view
            for view in form_fields(ThingIn, names, data, choices={"category_id": [("1", "Strings")]})
        }
    assert {name: view["type"] for name, view in views.items()} == {
        "name": "text",
        "notes": "textarea",
        "price": "money",
        "rate": "percent",
        "qty": "quantity",
        "kind": "select",
        "category_id": "select",
        "is_active": "checkbox",
        "days": "text",
    }
    assert views["rate"]["value"] == "8.25"
    assert views["qty"]["value"] == "2"
    assert views["name"]["maxlength"] == 120
    assert views["kind"]["choices"] == [("stocked", "Stocked"), ("service", "Service")]
    assert views["category_id"]["choices"][1:] == [("1", "Strings")]
    assert views["category_id"]["label"] == "Category"
    assert views["notes"]["attrs"] == {"data-null": True}
    assert views["days"]["attrs"] == {"data-type": "int"}
    assert views["is_active"]["value"] is True


def test_the_macro_ties_label_help_and_error_to_the_field(app: Flask) -> None:
    with app.test_request_context():
        views = form_fields(ThingIn, ["name"], helps={"name": "As on the box."})
        views[0]["errors"] = ["Enter a name."]
        macro = app.jinja_env.get_template("macros/forms.html").module.form_fields  # type: ignore[attr-defined]
        page = str(macro(views))
    for expected in (
        '<label for="f-name">',
        'aria-describedby="f-name-help f-name-error"',
        'aria-invalid="true"',
        'href="#f-name"',
        "As on the box.",
    ):
        assert expected in page, expected
