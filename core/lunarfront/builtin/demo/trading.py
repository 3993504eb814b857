"""Rings up today's first sales through the API, so that orders, drawers and journal have something to show.

Nothing is dated back: the sales are of the day of the first start. The drawers are closed again with their Z report,
and the front counter's is never touched: whoever tries the demo opens it himself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from lunarfront.builtin.demo.api import Api, Door
from lunarfront.builtin.demo.source import PASSWORD, sales
from lunarfront.builtin.demo.state import DemoStore, Till

#: The person who opens, counts and closes the drawers.
MANAGER = "daniel@riverside.example"


@dataclass
class Trade:
    """One day's trade: who is signed in where, what was sold, how much cash lies in each drawer."""

    door: Door
    opened: DemoStore
    variants: Mapping[str, str]
    accounts: Mapping[str, str]
    signed_in: dict[tuple[str, str], Api] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    cash: dict[str, Decimal] = field(default_factory=dict)
    made: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> None:
        """Open the drawers, sell, refund, close the drawers."""
        for name in dict.fromkeys(sale["till"] for sale in sales()["sales"]):
            self._open_drawer(name, self.opened.tills[name])
        for number, sale in enumerate(sales()["sales"], start=1):
            self._sell(f"sale {number}", sale)
        for number, refund in enumerate(sales()["refunds"], start=1):
            self._refund(f"refund {number}", refund)
        for name in self.sessions:
            self._close_drawer(name)

    def _as(self, email: str, till: str) -> Api:
        """Sign a person in at a till, once."""
        if (email, till) not in self.signed_in:
            who = {"email": email, "password": PASSWORD, "terminal_id": self.opened.tills[till].terminal_id}
            answer = self.door(None)("POST", "/auth/login", who)
            self.signed_in[email, till] = self.door(answer["access_token"])
        return self.signed_in[email, till]

    def _open_drawer(self, name: str, till: Till) -> None:
        body = {"opening_float": till.default_float}
        self.sessions[name] = self._as(MANAGER, name)("POST", "/drawer-sessions", body)["id"]
        self.cash[name] = Decimal(till.default_float)

    def _close_drawer(self, name: str) -> None:
        api, path = self._as(MANAGER, name), f"/drawer-sessions/{self.sessions[name]}"
        api("POST", f"{path}/count", {"counted_total": f"{self.cash[name]:.2f}"})
        api("POST", f"{path}/close", {})

    def _sell(self, name: str, sale: Mapping[str, Any]) -> None:
        api = self._as(sale["person"], sale["till"])
        body: dict[str, Any] = {"lines": list(self._lines(api, sale))}
        if "account" in sale:
            body["account_id"] = self.accounts[sale["account"]]
        body["tenders"] = [self._tender(api, body, sale)]
        made = api("POST", "/transactions", {**body, "client_uuid": self._uuid(name), "complete": True})
        self.made.append(made)
        self._count(sale["till"], made)

    def _lines(self, api: Api, sale: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        location = self.opened.tills[sale["till"]].location_id
        for line in sale["lines"]:
            variant = self.variants[line["sku"]]
            if line.get("serial"):
                where = (
                    f"filter[variant_id]={variant}&filter[location_id]={location}&filter[status]=available"
                )
                unit = api("GET", f"/units?limit=1&{where}")["items"][0]
                yield {"variant_id": variant, "qty": "1", "unit_id": unit["id"]}
            else:
                yield {"variant_id": variant, "qty": str(line["qty"])}

    def _tender(self, api: Api, body: Mapping[str, Any], sale: Mapping[str, Any]) -> dict[str, Any]:
        if "cash" in sale:
            return {"type": "cash", "tendered": sale["cash"]}
        total = api("POST", "/transactions/quote", body)["total"]
        return {"type": "card", "amount": total, "reference": sale["card"]}

    def _refund(self, name: str, refund: Mapping[str, Any]) -> None:
        original = self.made[refund["of_sale"] - 1]
        line = next(line for line in original["lines"] if line["sku"] == refund["sku"])
        back = {"line_id": line["id"], "qty": str(refund["qty"]), "reason_code": refund["reason"]}
        api = self._as(refund["person"], refund["till"])
        body = {"client_uuid": self._uuid(name), "lines": [back]}
        made = api("POST", f"/transactions/{original['id']}/refunds", body)
        self._count(refund["till"], made)

    def _count(self, till: str, made: Mapping[str, Any]) -> None:
        """Follow the cash as it moved: money kept, or given back."""
        moved = (Decimal(tender["amount"]) for tender in made["tenders"] if tender["type"] == "cash")
        self.cash[till] += sum(moved, Decimal(0))

    def _uuid(self, name: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"lunarfront demo {self.opened.company_id} {name}")
