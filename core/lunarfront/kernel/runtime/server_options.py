"""PostgreSQL's settings, given on its command line so that no file has to be edited (runtime.md §4)."""

import os
import socket
from pathlib import Path

from lunarfront.kernel.runtime.placement import Placement

SETTINGS = {
    "shared_buffers": "128MB",
    "max_connections": "60",
    "idle_in_transaction_session_timeout": "30s",
    # New goods are analysed within seconds: until then plans pick an index on the company alone.
    "autovacuum_naptime": "5s",
    "log_min_duration_statement": "500ms",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}
#: For the test rig alone: what is lost in a crash does not matter there.
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "logging_collector": "off"}
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def server_command(place: Placement, port_file: Path, *, unsafe: bool) -> list[str]:
    """Return the command that runs the server in the foreground."""
    options = SETTINGS | (UNSAFE if unsafe else SAFE) | _address(place, port_file)
    pairs = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return [place.install.program("postgres"), "-D", str(place.data_dir), *pairs]


def _address(place: Placement, port_file: Path) -> dict[str, str]:
    """A Unix socket only; on Windows 127.0.0.1 and a free port that is kept in a file (not tried)."""
    if os.name == "nt":
        return {"listen_addresses": "127.0.0.1", "port": str(_kept_port(port_file))}
    return {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(place.socket_dir),
        "unix_socket_permissions": "0700",
    }


def _kept_port(port_file: Path) -> int:
    if not port_file.exists():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port_file.write_text(str(probe.getsockname()[1]), encoding="ascii")
    return int(port_file.read_text(encoding="ascii"))
