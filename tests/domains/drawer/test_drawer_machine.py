"""Whatever people do at a drawer: expected is the sum of what happened, and the books agree (DRW-05, ACC-03)."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection

from lunarfront.domains.drawer.models import DrawerMovement, DrawerSession
from lunarfront.domains.drawer.queries.cash import expected_of
from lunarfront.domains.drawer.service import closing, counting, movements, opening
from lunarfront.domains.drawer.service.till import find_session
from lunarfront.domains.ledger import service as ledger
from lunarfront.domains.ledger.rules import Event, credit, debit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.contexts import context_of
from lunarfront.sdk.testing.plugin import Clock
from lunarfront.sdk.testing.world import CompanyWorld

AMOUNTS = st.decimals("0.01", "500.00", places=2)
COUNTS = st.decimals("0.00", "2000.00", places=2)
MOVES = {
    "paid_in": ("change_fund", 1),
    "paid_out": ("supplies", -1),
    "drop": ("safe", -1),
    "float": ("change_fund", 1),
    "tip_payout": ("tips", -1),
    "no_sale": ("change", 0),
}
WHY = {"variance_reason_code": "miscount", "variance_note": "machine"}
_BOOKS_SQL = """
SELECT coalesce(sum(l.debit - l.credit), 0) AS difference,
  coalesce(sum(l.debit - l.credit) FILTER (WHERE c.role = 'cash_drawer'), 0) AS cash
FROM journal_entry_line l JOIN account_code c ON c.company_id = l.company_id AND c.id = l.account_code_id
"""


class DrawerMachine(RuleBasedStateMachine):
    """One drawer; every run leaves nothing behind on the connection."""

    connection: Connection
    company: CompanyWorld
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        self.uow = UnitOfWork(self.connection, self.company.id, join_transaction_mode="create_savepoint")
        self.ctx: CompanyContext = context_of(
            self.uow, self.company, self.company.people["admin"].id, self.clock()
        )
        self.session_id: UUID | None = None
        self.status, self.expected, self.left, self.z = "closed", Decimal(0), Decimal(0), 0

    def teardown(self) -> None:
        self.uow.close()
        self.savepoint.rollback()

    @property
    def session(self) -> DrawerSession:
        assert self.session_id is not None
        return find_session(self.ctx, self.session_id)

    @precondition(lambda self: self.status == "closed")
    @rule(counted=COUNTS)
    def open(self, counted: Decimal) -> None:
        session = opening.open_drawer(self.ctx, {"opening_float": counted})
        is_first = self.z == 0
        assert session.opening_variance == (0 if is_first and counted >= self.left else counted - self.left)
        self.session_id, self.status, self.expected = session.id, "open", counted

    @precondition(lambda self: self.status == "open")
    @rule(kind=st.sampled_from(sorted(MOVES)), amount=AMOUNTS)
    def move(self, kind: str, amount: Decimal) -> None:
        reason, sign = MOVES[kind]
        body: dict[str, Any] = {"kind": kind, "reason_code": reason}
        if sign:
            body["amount"] = amount
        movements.record_movement(self.ctx, self.session.id, body)
        self.expected += sign * amount

    @precondition(lambda self: self.status == "open")
    @rule(amount=AMOUNTS, is_refund=st.booleans())
    def sell(self, amount: Decimal, is_refund: bool) -> None:
        here, signed = self.company.location_id, -amount if is_refund else amount
        self.uow.add(
            DrawerMovement, drawer_session_id=self.session.id, location_id=here, amount=amount,
            kind="refund" if is_refund else "sale", user_id=self.ctx.require_user().id,
            business_date=self.ctx.business_date(), occurred_at=self.ctx.now,
        )  # fmt: skip
        postings = (debit("cash_drawer", signed, here), credit("sales", signed, here))
        ledger.post(
            self.ctx, Event("sale_completed", "transaction", uuid4(), self.ctx.business_date(), postings)
        )
        self.expected += signed

    @precondition(lambda self: self.status == "open" or (self.status == "counting" and self.tries < 2))
    @rule(counted=COUNTS)
    def count(self, counted: Decimal) -> None:
        self.tries = self.tries + 1 if self.status == "counting" else 1
        session = counting.count_drawer(self.ctx, self.session.id, {"counted_total": counted})
        assert session.over_short == counted - self.expected
        self.status, self.counted = "counting", counted

    @precondition(lambda self: self.status == "counting")
    @rule()
    def resume(self) -> None:
        counting.resume_drawer(self.ctx, self.session.id)
        self.status = "open"

    @precondition(lambda self: self.status == "counting")
    @rule(share=st.decimals("0", "1", places=2))
    def close(self, share: Decimal) -> None:
        self.left = (self.counted * share).quantize(Decimal("0.01"))
        body = {"left_in_drawer": self.left} | WHY
        session = closing.close_drawer(self.ctx, self.session.id, body)
        assert session.left_in_drawer + session.deposited == self.counted
        self._closed(session)

    @precondition(lambda self: self.status in ("open", "counting"))
    @rule()
    def leave_behind(self) -> None:
        session = closing.force_close(self.ctx, self.session.id, {"counted": False, "note": "machine"})
        self.left = self.expected
        self._closed(session)

    def _closed(self, session: DrawerSession) -> None:
        self.z += 1
        assert session.z_number == self.z
        assert session.z_report["cash"]["expected"] == f"{self.expected:.2f}"
        self.status, self.expected = "closed", self.left

    @invariant()
    def books_and_drawer_agree(self) -> None:
        self.uow.flush()
        books = self.uow.query(_BOOKS_SQL)[0]
        assert books.difference == 0
        assert books.cash == self.expected
        if self.status != "closed":
            assert expected_of(self.ctx, self.session) == self.expected


def test_drw_05_expected_is_the_sum_and_the_books_agree(
    app: object, connection: Connection, company: CompanyWorld, clock: Clock
) -> None:
    world = {"connection": connection, "company": company, "clock": clock}
    run_state_machine_as_test(
        type("Machine", (DrawerMachine,), world),
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
