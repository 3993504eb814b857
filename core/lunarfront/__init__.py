"""LunarFront: a plugin-based framework for small businesses. Modules import `lunarfront.sdk` and nothing else."""

__version__ = "0.1.0"
