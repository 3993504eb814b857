"""Routes of stock (domain-core.md §9), and what its constraints mean to a client."""

from lunarfront.kernel.api.db_errors import describe_constraint

for _table in ("unit_status", "item_condition"):
    describe_constraint(f"{_table}_company_id_slug_key", "conflict", "slug", "This slug is in use already.")
describe_constraint(
    "stock_balance_company_id_variant_id_location_id_key",
    "conflict",
    "variant_id",
    "It has a balance at this location already.",
)
describe_constraint(
    "inventory_unit_company_id_variant_id_serial_key_key",
    "conflict",
    "serial",
    "This serial number is here already.",
)
