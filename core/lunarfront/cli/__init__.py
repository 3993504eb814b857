"""The command line of operators, ``lunarfront`` (architecture.md §11, runtime.md §2).

Every command takes ``--json`` and ends with 0 ok, 1 failed or 2 wrong use.
"""

from importlib import import_module

import click

from lunarfront import __version__

#: Command to the module that holds it; a module is imported when its command is called, so the others stay fast.
COMMANDS = {
    "audit": "audit",
    "check": "check",
    "db": "db",
    "demo": "demo",
    "dispatcher": "running",
    "doctor": "doctor",
    "down": "running",
    "serve": "running",
    "setup": "setup",
    "up": "running",
    "upgrade-db": "upgrade_db",
    "users": "users",
    "worker": "running",
}


class LazyGroup(click.Group):
    """A group that imports a command at its first use."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"lunarfront.cli.{COMMANDS[cmd_name]}")
        found: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return found


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="LunarFront", message="%(prog)s %(version)s")
def main() -> None:
    """Run and look after a LunarFront installation."""
