"""Environment → ``Settings`` (runtime.md §6): environment first, then LUNARFRONT_ENV_FILE, then defaults."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from lunarfront.kernel.config.defaults import default_home, default_log, default_workers
from lunarfront.kernel.config.env_file import read_env_file
from lunarfront.kernel.config.errors import ConfigError
from lunarfront.kernel.config.secrets import check_key, check_secret, read_secret_file
from lunarfront.kernel.config.settings import Settings
from lunarfront.kernel.config.variables import FILE_FORMS, KNOWN_NAMES, PREFIX, VARIABLES, Variable

#: name → (text, where it came from); a later layer never replaces an earlier one.
Found = dict[str, tuple[str, str]]


def load_settings(environ: Mapping[str, str], *, testing: bool = False) -> Settings:
    """Return the settings of this environment. Reads files, writes nothing.

    Raises ConfigError for an unknown ``LUNARFRONT_*`` name (with the nearest right one), a value that cannot
    be read, a secret that is an example or too short (SEC-40), and for names of the tests unless ``testing``.
    """
    found = _layers(environ)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for variable in VARIABLES:
        given = _given(variable, found)
        if given is not None:
            values[variable.field] = _parsed(variable, given[0], testing)
            sources[variable.name] = given[1]
    return Settings(**_with_defaults(values), sources=MappingProxyType(sources))


def _layers(environ: Mapping[str, str]) -> Found:
    refuse_unknown(environ, "the environment")
    found: Found = {name: (environ[name], "environment") for name in KNOWN_NAMES if name in environ}
    env_file = environ.get("LUNARFRONT_ENV_FILE", "").strip()
    if not env_file:
        return found
    path = Path(env_file).expanduser().absolute()
    entries = read_env_file(path)
    refuse_unknown(entries, str(path))
    layer = {name: (value, str(path)) for name, value in entries.items() if name in KNOWN_NAMES}
    return {**{name: item for name, item in layer.items() if not _other_form_given(name, found)}, **found}


def _other_form_given(name: str, found: Found) -> bool:
    """Whether the environment gives the same secret in its other form, which then wins over the file's."""
    return (f"{name}_FILE" if name not in FILE_FORMS else FILE_FORMS[name].name) in found


def refuse_unknown(names: Iterable[str], where: str) -> None:
    """Raise ConfigError for the first LUNARFRONT_* name that does not exist, with the nearest right one."""
    for name in sorted(names):
        if name.startswith(PREFIX) and name not in KNOWN_NAMES:
            near = difflib.get_close_matches(name, sorted(KNOWN_NAMES), n=1, cutoff=0.0)
            raise ConfigError(f"{name} in {where} is not a setting of LunarFront. Did you mean {near[0]}?")


def _given(variable: Variable, found: Found) -> tuple[str, str] | None:
    """Return text and source of a variable, also from its ``_FILE`` form; None when not set."""
    value, source = found.get(variable.name, ("", ""))
    file_name = f"{variable.name}_FILE"
    if variable.secret and found.get(file_name, ("", ""))[0].strip():
        if value.strip():
            raise ConfigError(f"Both {variable.name} and {file_name} are set. Keep one of them.")
        path = Path(found[file_name][0].strip()).expanduser().absolute()
        return read_secret_file(file_name, path), f"file {path}"
    return (value, source) if value.strip() or (variable.keeps_empty and source) else None


def _parsed(variable: Variable, value: str, testing: bool) -> Any:
    if variable.tests_only and not testing:
        raise ConfigError(f"{variable.name} is for tests only. Remove it from the environment.")
    try:
        parsed = variable.parse(value)
    except ValueError as error:
        raise ConfigError(f"{variable.name} {error}.") from None
    if variable.secret:
        _check(variable, parsed)
    return parsed


def _check(variable: Variable, value: str) -> None:
    if variable.field == "secret_key":
        check_key(variable.name, value)
    elif "://" in value:
        check_secret(variable.name, urlsplit(value).password or "")
    else:
        check_secret(variable.name, value)


def _with_defaults(values: dict[str, Any]) -> dict[str, Any]:
    home: Path = values.get("home") or default_home()
    machine: dict[str, Any] = {
        "home": home,
        "host": "127.0.0.1",
        "port": 8000,
        "workers": default_workers(),
        "threads": 2,
        "log": default_log(),
        "backup_dir": home / "backups",
    }
    return machine | values
