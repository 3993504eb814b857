"""Who asks, and by which name: forwarded headers count from listed proxies only, foreign hosts are refused (SEC-33)."""

import socket
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from lunarfront.kernel.config import Settings
from lunarfront.kernel.problems import Problem

#: What a proxy may say of the request behind it.
FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_FORWARDED",
)


class ListedProxies:
    """WSGI: address, scheme and host as a listed proxy tells them; anybody else's word is dropped."""

    def __init__(self, app: WSGIApplication, proxies: Iterable[str]) -> None:
        self._networks = [ip_network(proxy, strict=False) for proxy in proxies]
        self._direct = app
        self._behind: Any = ProxyFix(app, x_for=1, x_proto=1, x_host=1)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on."""
        if self._is_listed(environ.get("REMOTE_ADDR", "")):
            answer: Iterable[bytes] = self._behind(environ, start_response)
            return answer
        for name in FORWARDED:
            environ.pop(name, None)
        return self._direct(environ, start_response)

    def _is_listed(self, address: str) -> bool:
        try:
            asking = ip_address(address)
        except ValueError:
            return False
        return any(asking in network for network in self._networks)


def own_names(settings: Settings) -> frozenset[str]:
    """Return the names by which this machine may be asked; IP addresses are always allowed.

    A name server of somebody else can give us a foreign name, but not a foreign address.
    """
    machine = socket.gethostname().lower()
    public = urlsplit(settings.public_url or "").hostname
    return frozenset({"localhost", settings.host.lower(), machine, f"{machine}.local", public or "localhost"})


def refuse_foreign_host(names: frozenset[str]) -> None:
    """Insist that the request was meant for us.

    Raises:
        Problem: ``bad_request`` for a host that is not ours.
    """
    name = _name_of(request.host)
    if name not in names and not _is_address(name):
        raise Problem("bad_request", "This host name is not known here. LUNARFRONT_PUBLIC_URL adds one.")


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def install(app: Flask, settings: Settings) -> None:
    """Stand at the door of the application; after the request hooks, so that a refusal has its id."""
    names = own_names(settings)
    app.before_request(lambda: refuse_foreign_host(names))
    app.wsgi_app = ListedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
