"""Personnel, time and commission for LunarFront. The module is not started: nothing is registered."""

__version__ = "0.1.0"
