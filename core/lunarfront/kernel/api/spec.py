"""The API as a whole: its blueprints and its OpenAPI description (domain-core.md §9)."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from flask import Flask, Response, jsonify
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields

from lunarfront import __version__
from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.endpoint import API_PREFIX, public


class ProblemSchema(Schema):
    """An error answer (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String()
    detail = fields.String()
    request_id = fields.String()
    errors = fields.List(fields.Dict())


class LfApi(Api):
    """flask-smorest's collector of documentation; errors are answered by our own handlers."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Nothing: ``lunarfront.kernel.api.errors`` answers every error."""


def install_api(app: Flask, blueprints: Sequence[str]) -> None:
    """Register all blueprints of the API and its description at ``/api/v1/openapi.json``.

    Args:
        app: the application.
        blueprints: modules with a ``blp`` (ApiBlueprint), in the order of the documentation.
    """
    app.config.update(
        API_TITLE="LunarFront", API_VERSION=__version__, OPENAPI_VERSION="3.0.3", OPENAPI_URL_PREFIX=None
    )
    api = LfApi(app, spec_kwargs={"info": {"description": "REST API of a LunarFront store."}})
    _describe_fields(api)
    _describe_security(api)
    for name in blueprints:
        blueprint: Blueprint = import_module(name).blp
        api.register_blueprint(blueprint, url_prefix=API_PREFIX + (blueprint.url_prefix or ""))
    app.add_url_rule(f"{API_PREFIX}/openapi.json", "openapi", _openapi(api))


def _openapi(api: Api) -> Any:
    @public
    def openapi() -> Response:
        """The OpenAPI description of this version."""
        return jsonify(api.spec.to_dict())

    return openapi


def _describe_fields(api: Api) -> None:
    """Say in the description that decimals are strings (MON-04)."""
    for field, pattern in (
        (f.Money, r"^-?\d{1,10}(\.\d{1,2})?$"),
        (f.UnitCost, r"^\d{1,8}(\.\d{1,4})?$"),
        (f.Quantity, r"^-?\d{1,9}(\.\d{1,3})?$"),
        (f.Rate, r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$"),
    ):
        api.register_field(field, "string", "decimal")
        _PATTERNS[field] = pattern
    plugin = api.ma_plugin
    if plugin.converter is not None:
        plugin.converter.add_attribute_function(_pattern)


_PATTERNS: dict[type, str] = {}


def _pattern(_converter: Any, field: Any, **_: Any) -> dict[str, Any]:
    pattern = _PATTERNS.get(type(field))
    return {"pattern": pattern} if pattern else {}


def _describe_security(api: Api) -> None:
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.options["security"] = [{"bearer": []}]
