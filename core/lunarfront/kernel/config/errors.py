"""The one kind of error that is a plain sentence for the person who runs LunarFront."""


class OperatorError(Exception):
    """Something that the operator can put right; ``str(error)`` is a sentence, shown without traceback."""


class ConfigError(OperatorError):
    """A setting is wrong, unknown or unsafe. The sentence names the variable and never its secret value."""
