"""The WSGI object of a web process: ``lunarfront.wsgi:app``. The environment says which database."""

import os

from lunarfront.cli.installation import build_app
from lunarfront.kernel.config import load_settings

app = build_app(load_settings(os.environ), demo=False)
