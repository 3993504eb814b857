"""Routes of the catalogue (domain-core.md §9), and what its constraints mean to a client."""

from lunarfront.kernel.api.db_errors import describe_constraint

_IN_USE = {
    "category_company_id_parent_id_name_key": ("name", "There is a category with this name here."),
    "product_variant_company_id_sku_key_key": ("sku", "Another item has this SKU."),
    "product_barcode_company_id_code_key": ("code", "This code is in use already."),
    "bundle_item_company_id_bundle_id_component_id_key": ("component_id", "Name a component once."),
    "supplier_company_id_name_key_key": ("name", "There is a supplier with this name."),
    "supplier_item_company_id_supplier_id_variant_id_key": (
        "variant_id",
        "The supplier has this item already.",
    ),
    "price_list_company_id_code_key": ("code", "There is a price list with this code."),
}
for _name, (_field, _sentence) in _IN_USE.items():
    describe_constraint(_name, "conflict", _field, _sentence)
for _table in ("category", "product", "product_variant", "supplier"):
    describe_constraint(
        f"{_table}_company_id_legacy_source_legacy_id_key",
        "conflict",
        "legacy_id",
        "This source's row is here already (GEN-01).",
    )
