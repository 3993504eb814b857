"""Fixtures that make goods over the API; used by the tests of catalogue, stock and imports."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.sdk.testing.client import ApiClient

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def category(client: ApiClient) -> dict[str, Any]:
    """A category of strings with a SKU prefix."""
    answer = client.post("/categories", {"name": "Strings", "sku_prefix": "STR-"})
    assert answer.status_code == 201, answer.json
    return answer.json


@pytest.fixture
def body(category: dict[str, Any]) -> Make:
    """``body("Name", sku="A", …)``: a product with one variant; keywords are of the variant."""

    def make(
        name: str = "Violin string E", product: dict[str, Any] | None = None, **variant: Any
    ) -> dict[str, Any]:
        return {"name": name, "category_id": category["id"], "variants": [{"price": "9.50"} | variant]} | (
            product or {}
        )

    return make


@pytest.fixture
def make(client: ApiClient, body: Make) -> Make:
    """Make such a product and return the answer."""

    def create(*args: Any, **variant: Any) -> dict[str, Any]:
        answer = client.post("/products", body(*args, **variant))
        assert answer.status_code == 201, answer.json
        return answer.json

    return create
