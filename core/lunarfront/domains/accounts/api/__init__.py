"""REST of customers (domain-core.md §9). Thin: parse, call one service or query, answer."""

from lunarfront.kernel.api.db_errors import describe_constraint

for _table in ("account", "member"):
    describe_constraint(
        f"{_table}_company_id_legacy_source_legacy_id_key",
        "conflict",
        "legacy_id",
        "A row of this source with this id exists already.",
    )
