#!/usr/bin/env python3
"""Development commands of a checkout, with nothing but Python's standard library: `python dev.py setup|demo|test|…`.

The Makefile calls the same functions. `setup` makes `.venv` from the hashed locks; the other commands call it when
its stamp is older than the locks, the projects or the assets' lock.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / ".stamp"
LOCKS = ROOT / "requirements"
MODULES = ["lunarfront_rentals", "lunarfront_lessons", "lunarfront_repairs", "lunarfront_personnel"]
OLDEST_PYTHON = (3, 11)
FREE_BYTES = 2 * 1024**3
COMPILE = [
    "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet",
]  # fmt: skip
LOCK_INPUTS = {
    "bootstrap.lock": ["requirements/bootstrap.in"],
    "runtime.lock": ["pyproject.toml"],
    "dev.lock": ["pyproject.toml", "--group", "dev", "--constraint", "requirements/runtime.lock"],
}


# --- printing and running -------------------------------------------------------------------------------------------


def say(text: str) -> None:
    """Print a line at once; everything but a command's own answer goes to standard error."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print how many seconds a step took."""
    started = time.monotonic()
    yield
    say(f"{title:<44}{time.monotonic() - started:7.1f} s")


def run(*command: str | Path, **kwargs: object) -> None:
    """Run a command in the checkout and end with a plain sentence when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **kwargs)  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(
            f"This failed with code {done.returncode}: {' '.join(str(part) for part in command)}"
        )


def become(*command: str | Path) -> int:
    """Hand the terminal and the signals over to a long-running command."""
    parts = [str(part) for part in command]
    os.chdir(ROOT)
    if os.name == "posix":
        os.execv(parts[0], parts)  # noqa: S606
    return subprocess.call(parts)


# --- setup ----------------------------------------------------------------------------------------------------------


def projects() -> list[Path]:
    """Return the folders of our own distributions: core, the modules, the plugins."""
    plugins = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
    return [ROOT, *(ROOT / name for name in MODULES), *plugins]


def check_machine() -> None:
    """End with a plain sentence when this machine cannot hold the environment."""
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit("LunarFront needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise SystemExit("Python's venv module is missing; on Debian: apt-get install python3-venv") from None
    if shutil.disk_usage(ROOT).free < FREE_BYTES:
        raise SystemExit("Under 2 GB are free on this disk; the environment and the demo need that much.")


def inputs() -> list[Path]:
    """Return the files that make a set-up stale when they are newer than its stamp."""
    return [
        LOCKS / "bootstrap.lock",
        LOCKS / "dev.lock",
        *(folder / "pyproject.toml" for folder in projects()),
    ]


def is_set_up() -> bool:
    """Whether the environment is newer than everything it was made from."""
    return (
        PYTHON.exists()
        and STAMP.exists()
        and all(STAMP.stat().st_mtime > p.stat().st_mtime for p in inputs())
    )


def installer() -> list[str]:
    """Return the command that installs packages: uv, or pip where uv has no wheel for the processor."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--require-hashes", "-r", str(LOCKS / "bootstrap.lock")], cwd=ROOT, check=False
    )
    return (
        [str(BIN / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]
        if not done.returncode
        else pip
    )


def editables() -> list[str]:
    """Return the arguments that install our own distributions in place."""
    return [part for folder in projects() for part in ("--editable", str(folder))]


def setup(force: bool = True) -> None:
    """Make the environment: hashed third parties, our distributions in place, built assets."""
    if not force and is_set_up():
        return
    check_machine()
    started = time.monotonic()
    with step("environment"):
        run(sys.executable, "-m", "venv", VENV)
    with step("installer"):
        install = installer()
    with step("third parties, by hash"):
        run(*install, "--require-hashes", "-r", LOCKS / "dev.lock")
    build_assets()
    with step("our distributions, in place"):
        run(*install, "--no-deps", "--no-build-isolation", *editables())
    STAMP.touch()
    say(f"{'set up':<44}{time.monotonic() - started:7.1f} s")


def build_assets() -> None:
    """Build the browser assets when their sources changed."""
    with step("browser assets"):
        run(PYTHON, "hatch_build.py", stdout=subprocess.DEVNULL)


def ready() -> None:
    """Set up if needed and bring the assets up to date."""
    if is_set_up():
        build_assets()
    else:
        setup()


# --- commands -------------------------------------------------------------------------------------------------------


def command_setup(_: Sequence[str]) -> int:
    """Environment, our distributions, built assets."""
    setup()
    return 0


def command_demo(arguments: Sequence[str]) -> int:
    """A seeded music store on this machine; Ctrl-C stops it."""
    ready()
    return become(BIN / "lunarfront", "demo", *arguments)


def has_chromium() -> bool:
    """Whether a browser for the browser tests is installed."""
    named = os.environ.get("LUNARFRONT_CHROMIUM")
    return bool(named and Path(named).exists()) or shutil.which("chromium") is not None


def as_root() -> list[str] | None:
    """Return the prefix that makes a command run as root, or None where that needs a password."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = ["sudo", "--non-interactive"]
    allowed = (
        shutil.which("sudo")
        and not subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode
    )
    return sudo if allowed else None


def install_chromium() -> None:
    """Install Debian's chromium where that needs no question; never a test tool's own download."""
    root = as_root()
    if has_chromium() or root is None or not shutil.which("apt-get"):
        return
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    with step("chromium, from Debian's packages"):
        run(*root, "apt-get", "-qq", "update", **quiet)
        run(*root, "apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium", **quiet)


def command_test(arguments: Sequence[str]) -> int:
    """All tests; browser tests where a chromium is or can be installed."""
    ready()
    install_chromium()
    if any(ROOT.glob("web/test/*.test.ts")):
        with step("browser sources, node's test runner"):
            run(PYTHON, "hatch_build.py", "npm", "run", "--silent", "test", stdout=sys.stderr)
    return become(PYTHON, "-m", "pytest", *arguments)


def checks() -> list[tuple[str, list[str]]]:
    """Return what `check` runs: a name and a command each."""
    python = str(PYTHON)
    return [
        ("ruff", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("imports", [str(BIN / "lint-imports")]),
        ("locks", [python, "dev.py", "lock", "--check"]),
        ("guards", [python, "-m", "pytest", "-q", "tests/guards"]),
        ("migrations", [python, "-m", "pytest", "-q", "tests/migrations"]),
        ("typescript", [python, "hatch_build.py", "npm", "run", "--silent", "check"]),
    ]


def command_check(_: Sequence[str]) -> int:
    """Style, types, imports, locks and guards: one line per check."""
    ready()
    failed = [name for name, command in checks() if not passes(name, command)]
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one check; print a line, and its output only when it fails."""
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(
        f"{'ok    ' if not done.returncode else 'FAILED'} {name:<14}{time.monotonic() - started:7.1f} s",
        flush=True,
    )
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return not done.returncode


def command_matrix(arguments: Sequence[str]) -> int:
    """Installations: wheels in clean environments."""
    ready()
    return become(PYTHON, "-m", "pytest", "tests/matrix", *arguments)


def command_bench(_: Sequence[str]) -> int:
    """Every benchmark, quick unless FULL=1: one line of JSON each."""
    ready()
    mode = [] if os.environ.get("FULL") == "1" else ["--quick"]
    programs = sorted(path for path in (ROOT / "benchmarks").glob("*.py") if not path.name.startswith("_"))
    return max(
        (subprocess.call([str(PYTHON), str(p), "--json", *mode], cwd=ROOT) for p in programs), default=0
    )


def pins(lock: Path) -> dict[str, str]:
    """Return package to version of a lock file."""
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock.read_text(), re.MULTILINE)) if lock.exists() else {}


def compile_lock(name: str, target: Path, upgrade: bool) -> None:
    """Resolve one lock file; pins already in the target are kept unless an upgrade is asked for."""
    more = ["--upgrade"] if upgrade else []
    run(
        BIN / "uv",
        "pip",
        "compile",
        *COMPILE,
        *more,
        *LOCK_INPUTS[name],
        "--output-file",
        target,
        stdout=subprocess.DEVNULL,
    )


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return one line for each pin that is new, gone or another version."""
    names = sorted({*before, *after})
    return [
        f"{n}: {before.get(n, '-')} -> {after.get(n, '-')}" for n in names if before.get(n) != after.get(n)
    ]


def command_lock(arguments: Sequence[str]) -> int:
    """Rewrite the lock files and print what changed; `--check` only compares, `--upgrade` takes newer versions."""
    setup(force=False)
    compare, stale = "--check" in arguments, False
    for name in LOCK_INPUTS:
        before = pins(LOCKS / name)
        with tempfile.TemporaryDirectory() as scratch:
            target = Path(scratch) / name if compare else LOCKS / name
            if compare:
                shutil.copyfile(LOCKS / name, target)
            compile_lock(name, target, "--upgrade" in arguments)
            changed = changes(before, pins(target))
        stale = stale or bool(changed)
        for line in changed:
            print(f"{name}: {line}")
    return 1 if compare and stale else 0


def command_clean(arguments: Sequence[str]) -> int:
    """Remove the environment and the demo's data, after asking."""
    doomed = [path for path in (VENV, ROOT / ".lunarfront", ROOT / "node_modules") if path.exists()]
    names = ", ".join(path.name for path in doomed)
    if not doomed or ("--yes" not in arguments and input(f"Remove {names}? [y/N] ").strip().lower() != "y"):
        return 0
    for path in doomed:
        shutil.rmtree(path)
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    name.removeprefix("command_"): function
    for name, function in globals().items()
    if name.startswith("command_")
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; what follows its name is passed on."""
    listing = "\n".join(f"  {name:<8}{function.__doc__}" for name, function in COMMANDS.items())
    parser = argparse.ArgumentParser(epilog=listing, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=COMMANDS)
    known, rest = parser.parse_known_args(argv)
    return COMMANDS[known.command](rest)


if __name__ == "__main__":
    raise SystemExit(main())
