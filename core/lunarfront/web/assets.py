"""Built browser assets: manifest names to URLs, the import map and the policy that allows it (frontend.md §3, §5)."""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
URL_PREFIX = "/static/dist/"
UI_MODULE = "@lunarfront/ui"

_POLICY = (
    "default-src 'none'; script-src 'self' 'sha256-{hash}'{script}; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class AssetError(RuntimeError):
    """The assets are not built, or a template names one that does not exist."""


@dataclass(frozen=True)
class Assets:
    """What one build made: ``files`` maps a source such as ``app.ts`` to its hashed file name."""

    files: dict[str, str]

    def url(self, name: str) -> str:
        """Return the URL of a source.

        Raises:
            AssetError: the build has no such source.
        """
        if name not in self.files:
            raise AssetError(f"no asset {name!r}; known: {', '.join(sorted(self.files))}")
        return URL_PREFIX + self.files[name]

    @property
    def import_map(self) -> str:
        """The import map of every page, byte for byte what the policy's hash is made from."""
        return json.dumps({"imports": {UI_MODULE: self.url("ui.ts")}}, separators=(",", ":"))

    @property
    def import_map_hash(self) -> str:
        """Base64 SHA-256 of the import map, for ``script-src``."""
        return base64.b64encode(hashlib.sha256(self.import_map.encode()).digest()).decode()

    def policy(self, script: str = "") -> str:
        """Return the Content-Security-Policy of a page (SEC-31); ``script`` widens ``script-src`` alone."""
        return _POLICY.format(hash=self.import_map_hash, script=f" {script}" if script else "")


def load_assets() -> Assets:
    """Return the current build; read again when ``build.mjs --watch`` has written a new one.

    Raises:
        AssetError: the assets are not built.
    """
    manifest = DIST / "manifest.json"
    try:
        stamp = manifest.stat().st_mtime_ns
    except OSError as error:
        raise AssetError(build_error() or "The browser assets are not built: run `make setup`.") from error
    return _read(manifest, stamp)


@lru_cache(maxsize=1)
def _read(manifest: Path, _stamp: int) -> Assets:
    return Assets(json.loads(manifest.read_text(encoding="utf-8"))["files"])


def build_error() -> str:
    """Return the bundler's message when the last watched build failed, else an empty text."""
    try:
        return (DIST / "build-error.txt").read_text(encoding="utf-8")
    except OSError:
        return ""


def asset(name: str) -> str:
    """Return the URL of a built source, for templates."""
    return load_assets().url(name)


def import_map() -> Markup:
    """Return the import map, for templates; it is ours alone, so it needs no escaping."""
    return Markup(load_assets().import_map)  # noqa: S704
