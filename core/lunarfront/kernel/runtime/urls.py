"""Addresses of databases: built, changed and given to the driver. Passwords may hold any character."""

from sqlalchemy import URL, make_url

DRIVER = "postgresql+psycopg"


def database_url(*, user: str, password: str, database: str, host: str, port: int) -> str:
    """Return an SQLAlchemy address; a ``host`` that is a folder means the Unix socket in it."""
    is_socket = host.startswith("/")
    url = URL.create(
        DRIVER,
        username=user,
        password=password,
        database=database,
        host=None if is_socket else host,
        port=None if is_socket else port,
        query={"host": host, "port": str(port)} if is_socket else {},
    )
    return url.render_as_string(hide_password=False)


def with_database(url: str, database: str) -> str:
    """Return the same address on another database."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def with_user(url: str, user: str, password: str) -> str:
    """Return the same address with another sign-in."""
    return make_url(url).set(username=user, password=password).render_as_string(hide_password=False)


def libpq_url(url: str) -> str:
    """Return the address as psycopg and PostgreSQL's own programs take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def database_of(url: str) -> str:
    """Return the database's name, which is the user's when the address has none."""
    parsed = make_url(url)
    return parsed.database or parsed.username or ""


def user_of(url: str) -> str:
    """Return the user's name, or an empty text; an empty address has none."""
    return (make_url(url).username or "") if url else ""


def password_of(url: str) -> str | None:
    """Return the password, or None when the address has none."""
    password = make_url(url).password
    return None if password is None else str(password)
