"""``lunarfront check``: the nightly look across tables. It reports and never repairs (SEC-15)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import click

from lunarfront.cli.checks import CHECKS
from lunarfront.cli.command import Answer, command
from lunarfront.cli.installation import Installation, installation
from lunarfront.cli.operator import company_option
from lunarfront.kernel.config import Settings
from lunarfront.kernel.core import Core

#: A fault is shown by its first rows; the number says how many there are.
SHOWN = 5


@dataclass(frozen=True)
class Finding:
    """Result of one check in one company."""

    company_id: UUID
    name: str
    faults: int = 0
    shown: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing disagrees."""
        return self.faults == 0

    def as_dict(self) -> dict[str, Any]:
        """Return the member of ``checks`` in the JSON answer."""
        return {
            "company_id": self.company_id,
            "check": self.name,
            "ok": self.ok,
            "faults": self.faults,
            "shown": self.shown,
        }

    def lines(self) -> Iterator[str]:
        """Yield what is printed for people."""
        yield f"{self.company_id}  {'ok' if self.ok else 'FAILED':<8}{self.name}"
        for row in self.shown:
            yield "    " + ", ".join(f"{name} {value}" for name, value in row.items())


@click.command("check")
@company_option
@command
def check(settings: Settings, company: UUID | None) -> Answer:
    """Trial balance, stock, stored value, receivables, tax, sales and chains; code 1 when anything disagrees."""
    with installation(settings) as found:
        companies = [company] if company else found.company_ids()
        findings = [finding for company_id in companies for finding in _company(found, company_id)]
    return Answer(
        {"checks": [finding.as_dict() for finding in findings]},
        [line for finding in findings for line in finding.lines()],
        ok=all(finding.ok for finding in findings),
    )


def _company(found: Installation, company_id: UUID) -> Iterator[Finding]:
    with found.unit_of_work(company_id) as uow:
        # One snapshot for all: sales go on while this looks.
        uow.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        uow.execute("SET LOCAL statement_timeout = 0")
        for name, statement in CHECKS.items():
            rows = [row._asdict() for row in uow.query(statement, {"company": company_id})]
            yield Finding(company_id, name, len(rows), rows[:SHOWN])
    yield from _chains(found, company_id)


def _chains(found: Installation, company_id: UUID) -> Iterator[Finding]:
    from lunarfront.kernel.seals import verify_company

    for result in verify_company(Core(settings=found.settings, bind=found.engine), company_id):
        shown = [] if result.ok else [{"chain": result.summary}]
        yield Finding(company_id, f"chain: {result.kind}", len(shown), shown)
