"""The application object: a list of named steps, no logic (architecture.md §2)."""

from flask import Flask
from sqlalchemy import Connection, Engine

from lunarfront.blueprints import BLUEPRINTS
from lunarfront.kernel import front_door, metrics
from lunarfront.kernel.api.errors import install_error_handlers
from lunarfront.kernel.api.spec import install_api
from lunarfront.kernel.auth import access_tokens, web_sessions
from lunarfront.kernel.config import Settings
from lunarfront.kernel.core import Core, make_engine
from lunarfront.kernel.db import db
from lunarfront.kernel.db.registry import import_models
from lunarfront.kernel.requests import install_request_hooks
from lunarfront.web import install_web


def create_app(
    settings: Settings,
    app_url: str,
    *,
    bind: Engine | Connection | None = None,
    demo: bool = False,
    testing: bool = False,
) -> Flask:
    """Build the WSGI application.

    Args:
        settings: the configuration of this process.
        app_url: SQLAlchemy URL of the application role ``lf_app``.
        bind: used in place of an engine of ``app_url`` (tests).
        demo: the demo store: badge on every page (UX-26).
        testing: development headers and looser cookies are allowed.
    """
    app = Flask("lunarfront", static_folder="static", template_folder="templates")
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI=app_url,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=None,
        TESTING=testing,
    )
    db.init_app(app)
    import_models()
    app.extensions["lunarfront"] = Core(
        settings=settings, bind=bind or make_engine(app_url, settings), demo=demo, testing=testing
    )
    install_request_hooks(app)
    front_door.install(app, settings)
    install_error_handlers(app)
    install_api(app, BLUEPRINTS)
    _install_features(app)
    return app


def _install_features(app: Flask) -> None:
    """Features that bring more than API routes; each has one ``install``."""
    metrics.install(app)
    access_tokens.install(app)
    web_sessions.install(app)
    install_web(app)
