"""``lunarfront audit``: number, check and print the chains of audit trail and journal (AUD-04, SEC-14)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import click

from lunarfront.cli.command import Answer, command
from lunarfront.cli.installation import Installation, installation
from lunarfront.cli.operator import company_option
from lunarfront.kernel.config import Settings
from lunarfront.kernel.core import Core

if TYPE_CHECKING:
    from lunarfront.kernel.seals import Head


@click.group("audit")
def audit() -> None:
    """Chains of the audit trail and of the journal."""


@audit.command("verify")
@company_option
@click.option(
    "--head", "heads", multiple=True, help="KIND=NUMBER:HASH as `audit head` printed it; may be repeated."
)
@command
def verify(settings: Settings, company: UUID | None, heads: tuple[str, ...]) -> Answer:
    """Seal what is open, then check every link; code 1 names the first broken number."""
    from lunarfront.kernel.seals import verify_company

    expected = dict(_head(text) for text in heads)
    with installation(settings) as found:
        core = _core(found)
        results = [
            (c, r) for c in _companies(found, company) for r in verify_company(core, c, expected=expected)
        ]
    rows = [
        {
            "company_id": c,
            "chain": r.kind,
            "ok": r.ok,
            "head": str(r.head) if r.head else None,
            "broken": r.broken,
            "reason": r.reason,
            "overdue": r.overdue,
        }
        for c, r in results
    ]
    return Answer(
        {"chains": rows}, [f"{c}  {r.summary}" for c, r in results], ok=all(r.ok for _, r in results)
    )


@audit.command("seal")
@company_option
@command
def seal(settings: Settings, company: UUID | None) -> Answer:
    """Give every committed row its number now; code 1 when older transactions are still open."""
    from lunarfront.kernel.seals import seal_company

    with installation(settings) as found:
        core = _core(found)
        done = [(c, seal_company(core, c)) for c in _companies(found, company)]
    rows = [{"company_id": c, "sealed": outcome.sealed, "left": outcome.left} for c, outcome in done]
    lines = [f"{c}  sealed {outcome.sealed}, left {outcome.left}" for c, outcome in done]
    return Answer({"companies": rows}, lines, ok=all(outcome.left == 0 for _, outcome in done))


@audit.command("head")
@company_option
@command
def show_head(settings: Settings, company: UUID | None) -> Answer:
    """Last number and hash of each chain, to be kept outside: only they show that no tail was cut off."""
    from lunarfront.kernel.seals import head, sealables

    rows = []
    with installation(settings) as found:
        for company_id in _companies(found, company):
            with found.unit_of_work(company_id) as uow:
                heads = {chain.kind: head(uow, chain.kind) for chain in sealables()}
            rows += [
                {"company_id": company_id, "chain": k, "head": str(h) if h else None}
                for k, h in heads.items()
            ]
    return Answer(
        {"heads": rows}, [f"{row['company_id']}  {row['chain']}={row['head'] or '-'}" for row in rows]
    )


def _head(text: str) -> "tuple[str, Head]":
    from lunarfront.kernel.seals import Head, sealables

    kind, _, printed = text.partition("=")
    kinds = [chain.kind for chain in sealables()]
    try:
        if kind not in kinds:
            raise ValueError(f"a chain is one of {', '.join(kinds)}")
        return kind, Head.parse(printed)
    except ValueError as error:
        raise click.BadParameter(f"{text}: {error}", param_hint="--head") from None


def _companies(found: Installation, company: UUID | None) -> Sequence[UUID]:
    return [company] if company else found.company_ids()


def _core(found: Installation) -> Core:
    return Core(settings=found.settings, bind=found.engine)
