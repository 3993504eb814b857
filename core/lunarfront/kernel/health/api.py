"""``/health``, ``/health/live``, ``/health/ready``: open to everybody, and they tell nothing of any company."""

from typing import Any

from flask import Response, current_app, jsonify

from lunarfront.kernel.api.endpoint import ApiBlueprint, public
from lunarfront.kernel.core import core
from lunarfront.kernel.health.report import Health

blp = ApiBlueprint("health", __name__, description="Whether this installation works.")
_EXTENSION = "lunarfront_health"


@blp.route("/health", methods=["GET"])
@public
def health() -> Response:
    """Say how database, queue and migrations are; 503 when the database is away."""
    body = _health().report()
    return _answer(body, 503 if body["status"] == "down" else 200)


@blp.route("/health/live", methods=["GET"])
@public
def live() -> Response:
    """Say that this process answers; nothing is touched."""
    return jsonify({"status": "ok"})


@blp.route("/health/ready", methods=["GET"])
@public
def ready() -> Response:
    """Say whether this process may get requests: 503 during a migration, without database or disk space."""
    body = _health().readiness()
    return _answer(body, 200 if body["ready"] else 503)


def _answer(body: dict[str, Any], status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response


def _health() -> Health:
    found = current_app.extensions.get(_EXTENSION)
    if not isinstance(found, Health):
        found = current_app.extensions.setdefault(_EXTENSION, Health(core()))
    return found
