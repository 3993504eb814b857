"""A till at work: one keep-alive connection, one sale after the other."""

import http.client
import json
import random
from typing import Any
from uuid import uuid4

from rig.shop import Shop, Till

LINES = 3


def sale_body(shop: Shop, chance: random.Random) -> dict[str, Any]:
    """Return three different items, one piece each, paid in cash."""
    return {
        "client_uuid": str(uuid4()),
        "lines": [
            {"variant_id": str(variant), "qty": "1"} for variant in chance.sample(shop.variants, LINES)
        ],
        "tenders": [{"type": "cash", "tendered": "500.00"}],
        "complete": True,
    }


def sale_headers(till: Till) -> dict[str, str]:
    """Return the headers of a sale at this till."""
    return {
        "Authorization": f"Bearer {till.token}",
        "X-Terminal-Id": str(till.terminal_id),
        "Content-Type": "application/json",
        "Idempotency-Key": uuid4().hex,
    }


class HttpSales:
    """Rings up sales through the public API."""

    def __init__(self, host: str, port: int, shop: Shop, index: int) -> None:
        self.shop, self.till = shop, shop.tills[index]
        self.chance = random.Random(index)
        self.connection = http.client.HTTPConnection(host, port, timeout=60)

    def __call__(self) -> None:
        """Ring up one sale. Raises SystemExit unless it was completed."""
        body = json.dumps(sale_body(self.shop, self.chance))
        self.connection.request("POST", "/api/v1/transactions", body, sale_headers(self.till))
        response = self.connection.getresponse()
        text = response.read()
        if response.status != 201 or b'"completed"' not in text:
            raise SystemExit(f"a sale failed: {response.status} {text[:500]!r}")
