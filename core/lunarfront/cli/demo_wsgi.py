"""The demo store's application object of its own: ``lunarfront.cli.demo_wsgi:app`` (architecture.md §11)."""

import os

from lunarfront.cli.installation import build_app
from lunarfront.kernel.config import load_settings

app = build_app(load_settings(os.environ), demo=True)
