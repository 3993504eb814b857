"""Which modules hold tables. A table that no module here imports does not exist for migrations."""

from importlib import import_module

MODELS = (
    "lunarfront.kernel.tenancy.models",
    "lunarfront.kernel.auth.models",
    "lunarfront.kernel.records",
    "lunarfront.domains.accounts.models",
    "lunarfront.domains.catalog.models",
    "lunarfront.domains.inventory.models",
    "lunarfront.domains.tax.models",
    "lunarfront.domains.sales.models",
    "lunarfront.domains.drawer.models",
    "lunarfront.domains.ledger.models",
    "lunarfront.domains.stored_value.models",
    "lunarfront.domains.receivables.models",
    "lunarfront.domains.importing.models",
)


def import_models() -> None:
    """Import every model module, so that the metadata is whole."""
    for name in MODELS:
        import_module(name)
