"""The application objects of web processes: ``lunarfront.wsgi:app``, and ``demo_app`` for the demo store.

The modules of the application are imported with this one, so that the web server's processes share them; the object
itself is built at its first use, in each process: connections must not cross a fork.
"""

import os
from importlib import import_module
from signal import SIG_DFL, SIGTERM, signal
from threading import current_thread, main_thread

from flask import Flask

from lunarfront.blueprints import BLUEPRINTS
from lunarfront.cli.installation import build_app
from lunarfront.kernel.config import load_settings

for _name in ("lunarfront.app", *BLUEPRINTS):
    import_module(_name)


def __getattr__(name: str) -> Flask:
    """Build the application object of this process."""
    if name not in ("app", "demo_app"):
        raise AttributeError(name)
    _end_at_once()
    globals()[name] = made = build_app(load_settings(os.environ), demo=name == "demo_app")
    return made


def _end_at_once() -> None:
    """SIGTERM ends a process that serves nothing yet; the server's own handler, made before the fork, would not."""
    if current_thread() is main_thread():
        signal(SIGTERM, SIG_DFL)
