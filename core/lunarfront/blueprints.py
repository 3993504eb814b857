"""The API's blueprints, in the order of its documentation: one line per module that has a ``blp``."""

BLUEPRINTS: tuple[str, ...] = (
    "lunarfront.kernel.health.api",
    "lunarfront.kernel.identity.auth_api",
    "lunarfront.kernel.identity.users_api",
    "lunarfront.kernel.identity.roles_api",
    "lunarfront.domains.accounts.api.accounts",
    "lunarfront.domains.accounts.api.members",
    "lunarfront.domains.accounts.api.exemptions",
    "lunarfront.domains.receivables.api",
    "lunarfront.domains.catalog.api.categories",
    "lunarfront.domains.catalog.api.products",
    "lunarfront.domains.catalog.api.barcodes",
    "lunarfront.domains.catalog.api.suppliers",
    "lunarfront.domains.catalog.api.price_lists",
    "lunarfront.domains.inventory.api.items",
    "lunarfront.domains.inventory.api.stock",
    "lunarfront.domains.inventory.api.unit_statuses",
    "lunarfront.domains.inventory.api.item_conditions",
    "lunarfront.domains.sales.api",
)
