"""Unit of work: one database transaction of one company (architecture.md §6, hot-path.md §1 and §3).

Rows of the hot path are collected and written together in one statement; the ORM session of the same
transaction serves everything that is not hot. Only the unit of work commits.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, Row, Table
from sqlalchemy.dialects import postgresql

from lunarfront.kernel.db.session import CompanySession
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import Problem

MAX_FLUSH_ROWS = 20_000
_preparer = postgresql.dialect().identifier_preparer

#: A table with the columns that a row brings.
Group = tuple[Table, tuple[str, ...]]
Groups = dict[Group, list[dict[str, Any]]]


class LostTransactionError(RuntimeError):
    """Somebody swallowed a failed statement or rolled back: committing now would lose the event in silence."""


class UnitOfWork:
    """Collects rows, flushes them as one statement and commits them or nothing.

    Args:
        bind: engine (or, in tests, a connection with an outer transaction).
        company_id: the company of every row.
        options: passed to the session (tests join an outer transaction).
    """

    def __init__(self, bind: Engine | Connection, company_id: UUID, **options: Any) -> None:
        self.company_id = company_id
        self.session = CompanySession(bind, company_id, **options)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self._inserts: Groups = {}
        self._updates: Groups = {}
        self._before_flush: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []
        self._on_failure: list[Callable[[UnitOfWork], None]] = []
        self._in_hook = False

    # --- collecting -------------------------------------------------------------------------------

    def add(self, model: Any, /, **values: Any) -> UUID:
        """Collect a row to insert and return its id. Columns left out take their database default."""
        row_id: UUID = values.setdefault("id", uuid7())
        values["company_id"] = self.company_id
        self._inserts.setdefault(_group(model.__table__, values), []).append(values)
        self.rows.setdefault(model.__tablename__, []).append(values)
        return row_id

    def change(self, model: Any, row_id: UUID, version: int, /, **values: Any) -> None:
        """Collect an update of a versioned row; at flush it must still have ``version``, which rises by one."""
        values |= {"id": row_id, "company_id": self.company_id, "version": version}
        self._updates.setdefault(_group(model.__table__, values), []).append(values)

    def before_flush(self, action: Callable[[], None]) -> None:
        """Run ``action`` once just before the collected rows are written (it may collect more)."""
        self._before_flush.append(action)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run ``action`` after a successful commit: wake-ups only, nothing that must not be lost."""
        self._after_commit.append(action)

    def on_failure(self, action: "Callable[[UnitOfWork], None]") -> None:
        """Run ``action`` in a unit of work of its own if this one is rolled back (failed tries, events in error)."""
        self._on_failure.append(action)

    def take_failure_actions(self) -> "list[Callable[[UnitOfWork], None]]":
        """Return and forget the failure actions; the gateway runs them after the rollback."""
        actions, self._on_failure = self._on_failure, []
        return actions

    # --- statements -------------------------------------------------------------------------------

    @property
    def connection(self) -> Connection:
        """The connection of this transaction; the first use begins it and sets the company."""
        return self.session.connection()

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Run a driver-level statement (``%(name)s`` parameters) and return its rows."""
        return self.connection.exec_driver_sql(sql, dict(params or {})).all()

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> int:
        """Run a driver-level statement without result rows and return the number of rows it touched."""
        return self.connection.exec_driver_sql(sql, dict(params or {})).rowcount

    # --- end --------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write everything collected, in one statement.

        Raises:
            Problem: ``conflict`` when a row to change was changed by somebody else.
        """
        self.session.flush()
        while self._before_flush:
            self._before_flush.pop(0)()
        if not self._inserts and not self._updates:
            return
        self._write()

    def _write(self) -> None:
        inserts, updates = self._inserts, self._updates
        self._inserts, self._updates = {}, {}
        if sum(len(rows) for rows in (*inserts.values(), *updates.values())) > MAX_FLUSH_ROWS:
            raise ValueError("a flush takes at most 20,000 rows: work in chunks")
        document = json.dumps(_document(updates, "u") | _document(inserts, "i"), default=_json_value)
        statement = _statement(tuple(updates), tuple(inserts))
        counts = self.connection.exec_driver_sql(statement, {"doc": document}).one()
        for (group, rows), count in zip(updates.items(), counts, strict=False):
            if count != len(rows):
                raise Problem("conflict", f"Somebody changed the {group[0].name} in the meantime. Try again.")

    def check(self) -> None:
        """Insist that the transaction is alive (hot-path.md §3).

        Raises:
            LostTransactionError: a failed statement was swallowed, or somebody rolled back.
        """
        driver = self.connection.connection.driver_connection
        status = driver.info.transaction_status if driver is not None else None
        if status is not TransactionStatus.INTRANS:
            raise LostTransactionError(f"transaction is {status!r} before commit")

    def commit(self) -> None:
        """Flush, check and commit. Nothing of the event is visible before this returns."""
        if self._in_hook:
            raise RuntimeError("a hook must not commit")
        self.flush()
        self.check()
        self.session.commit()
        for action in self._after_commit:
            action()
        self._after_commit.clear()

    def rollback(self) -> None:
        """Undo everything and forget what was collected."""
        if self._in_hook:
            raise RuntimeError("a hook must not roll back")
        self._inserts, self._updates, self.rows = {}, {}, {}
        self._before_flush.clear()
        self._after_commit.clear()
        self.session.rollback()

    def close(self) -> None:
        """Give the connection back."""
        self.session.close()

    @contextmanager
    def hook(self) -> Iterator[None]:
        """A SAVEPOINT around a module's record hook, in which commit and rollback are refused."""
        self.flush()
        with self.session.begin_nested():
            self._in_hook = True
            try:
                yield
                self.flush()
            finally:
                self._in_hook = False

    def __enter__(self) -> "UnitOfWork":
        return self

    def __exit__(self, exc_type: object, *_: object) -> None:
        if exc_type is not None:
            self._in_hook = False
            self.rollback()
        self.close()


def _group(table: Table, values: Mapping[str, Any]) -> Group:
    """Rows of one table with the same columns are written by the same part of the statement."""
    return _columns(table, tuple(values))


@lru_cache(maxsize=4096)
def _columns(table: Table, names: tuple[str, ...]) -> Group:
    unknown = set(names).difference(table.columns.keys())
    if unknown:
        raise ValueError(f"{table.name} has no columns {sorted(unknown)}")
    return table, tuple(column.name for column in table.columns if column.name in names)


def _document(groups: Groups, prefix: str) -> dict[str, Any]:
    return {f"{prefix}{i}": rows for i, rows in enumerate(groups.values())}


def _json_value(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"{type(value).__name__} cannot be written by the unit of work")


@lru_cache(maxsize=4096)
def _statement(updates: tuple[Group, ...], inserts: tuple[Group, ...]) -> str:
    """One statement for all tables; its text depends on tables and columns only, so the driver prepares it."""
    parts = ["d AS (SELECT %(doc)s::jsonb AS j)"]
    parts += [f"u{i} AS ({_update_sql(i, *group)})" for i, group in enumerate(updates)]
    parts += [f"i{i} AS ({_insert_sql(i, *group)})" for i, group in enumerate(inserts)]
    counts = ", ".join(f"(SELECT count(*) FROM u{i})" for i in range(len(updates))) or "0"
    return f"WITH {', '.join(parts)} SELECT {counts}"


def _quoted(table: Table) -> str:
    return str(_preparer.format_table(table))


def _insert_sql(index: int, table: Table, columns: tuple[str, ...]) -> str:
    names = ", ".join(_preparer.quote(name) for name in columns)
    source = f"jsonb_populate_recordset(NULL::{_quoted(table)}, d.j->'i{index}')"
    return f"INSERT INTO {_quoted(table)} ({names}) SELECT {names} FROM d, {source}"


def _update_sql(index: int, table: Table, columns: tuple[str, ...]) -> str:
    changed = [_preparer.quote(name) for name in columns if name not in ("id", "company_id", "version")]
    sets = ", ".join(f"{name} = r.{name}" for name in changed)
    source = f"jsonb_populate_recordset(NULL::{_quoted(table)}, d.j->'u{index}') r"
    return (
        f"UPDATE {_quoted(table)} t SET {sets}, version = t.version + 1, updated_at = now() FROM d, {source} "
        "WHERE t.company_id = r.company_id AND t.id = r.id AND t.version = r.version RETURNING 1"
    )
