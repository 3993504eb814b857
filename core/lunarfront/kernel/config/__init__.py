"""Typed settings of a process (runtime.md §6). Needs no Flask; nothing else reads the environment."""

from lunarfront.kernel.config.errors import ConfigError, OperatorError
from lunarfront.kernel.config.loading import load_settings
from lunarfront.kernel.config.secrets import ensure_secret_key
from lunarfront.kernel.config.settings import Settings

__all__ = ["ConfigError", "OperatorError", "Settings", "ensure_secret_key", "load_settings"]
