"""The limit: a bare psycopg program that writes the rows of a sale in one transaction, and does nothing else.

The rows are those of a sale that the product has just written, read back from the tables, so both always write the
same. Each sale gets ids, numbers and goods of its own; stock, drawer and terminal are locked as a sale must. Plain
statements, one for each table, prepared by the driver.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from lunarfront.kernel.ids import uuid7
from rig.shop import Shop

#: Tables that a sale changes; the program knows how.
CHANGED = {"stock_balance", "terminal"}
#: Texts that no two sales share, apart from the number.
UNIQUE_TEXTS = {("idempotency_record", "key"), ("journal_entry", "idempotency_key")}
#: Order in which foreign keys, which are checked at each statement here, are satisfied.
FIRST = ("transaction", "transaction_line_item", "tender", "journal_entry", "journal_entry_line", "audit_log")
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'created_at'
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
_LOCK_DRAWER = (
    "SELECT id FROM drawer_session WHERE company_id = %s AND terminal_id = %s AND status = 'open' FOR UPDATE"
)
_LOCK_STOCK = (
    "SELECT id, variant_id, qty_on_hand FROM stock_balance WHERE company_id = %s AND location_id = %s"
    " AND variant_id = ANY(%s) ORDER BY id FOR UPDATE"
)
_TAKE = "UPDATE stock_balance SET qty_on_hand = qty_on_hand - 1, pool_value = pool_value - %s WHERE id = %s"
_NUMBER = "UPDATE terminal SET next_sequence = next_sequence + 1 WHERE id = %s RETURNING next_sequence - 1"

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Template:
    """The rows that one sale inserted, by table."""

    rows: Rows

    @property
    def count(self) -> int:
        """How many rows."""
        return sum(map(len, self.rows.values()))


def read_template(url: str, began: datetime) -> Template:
    """Return the rows of the only sale since ``began``.

    Raises:
        SystemExit: the sale changed a table that the bare program does not, so the comparison would be unfair.
    """
    with psycopg.connect(url, row_factory=dict_row) as connection:
        head = connection.execute(
            "SELECT xmin::text AS xid FROM transaction WHERE created_at >= %s", [began]
        ).fetchall()
        if len(head) != 1:
            raise SystemExit(f"expected one sale, found {len(head)}")
        found = dict(_rows_of(connection, head[0]["xid"]))
    changed = {name for name, rows in found.items() if any(row["created_at"] < began for row in rows)}
    if changed - CHANGED:
        raise SystemExit(
            f"the sale also changed {sorted(changed - CHANGED)}: the bare program must do so too"
        )
    return Template({name: found[name] for name in sorted(found, key=_position) if name not in changed})


def _position(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _rows_of(connection: psycopg.Connection[Any], xid: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    names = [row["relname"] for row in connection.execute(_TABLES)]
    for name in names:
        statement = sql.SQL("SELECT * FROM {} WHERE xmin::text = %s ORDER BY id").format(sql.Identifier(name))
        rows = connection.execute(statement, [xid]).fetchall()
        if rows:
            yield name, rows


class BareSales:
    """Writes one sale after the other."""

    def __init__(self, url: str, shop: Shop, templates: list[Template], index: int) -> None:
        self.shop, self.till = shop, shop.tills[index]
        self.rows = templates[index].rows
        self.chance = random.Random(index)
        self.connection = psycopg.connect(url)
        self.inserts = {n: _insert(n, rows).as_bytes(self.connection) for n, rows in self.rows.items()}
        self.cells = {name: _cells(rows) for name, rows in self.rows.items()}
        self.texts = {table: [list(self.rows[table][0]).index(column)] for table, column in UNIQUE_TEXTS}
        self.number = list(self.rows["transaction"][0]).index("number")
        self.own = {row["id"] for rows in self.rows.values() for row in rows}
        self.own.add(self.rows["transaction"][0]["client_uuid"])
        self.goods = list(dict.fromkeys(row["variant_id"] for row in self.rows["transaction_line_item"]))

    def __call__(self) -> None:
        """Write one sale."""
        company, location = self.shop.company.id, self.shop.company.location_id
        variants = self.chance.sample(self.shop.variants, len(self.goods))
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.company_id', %s, true)", [str(company)])
            cursor.execute(_LOCK_DRAWER, [company, self.till.terminal_id])
            cursor.execute(_LOCK_STOCK, [company, location, variants])
            for balance_id, _, _ in cursor.fetchall():
                cursor.execute(_TAKE, ["3.21", balance_id])
            cursor.execute(_NUMBER, [self.till.terminal_id])
            sequence = cursor.fetchone()[0]  # type: ignore[index]
            fresh: dict[Any, Any] = {row_id: uuid7() for row_id in self.own}
            fresh |= dict(zip(self.goods, variants, strict=True))
            for name, statement in self.inserts.items():
                cursor.execute(statement, self._values(name, fresh, sequence))

    def _values(self, name: str, fresh: dict[Any, Any], sequence: int) -> list[Any]:
        values = [fresh.get(value, value) if kind is UUID else value for kind, value in self.cells[name]]
        for place in self.texts.get(name, ()):
            values[place] = uuid4().hex
        if name == "transaction":
            values[self.number] = f"{values[self.number][:-6]}{sequence:06d}"
        return values


def _cells(rows: list[dict[str, Any]]) -> list[tuple[type, Any]]:
    """The values of a table's rows in the order of its statement, with their types."""
    found = [value for row in rows for value in row.values()]
    return [(type(v), Jsonb(v) if isinstance(v, dict | list) else v) for v in found]


def _insert(name: str, rows: list[dict[str, Any]]) -> sql.Composed:
    columns = list(rows[0])
    one = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    return sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        sql.Identifier(name),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([one] * len(rows)),
    )
