"""The permission catalogue and the shipped contents of the system roles (domain-core.md §6).

A permission that is not here (or declared by a module) does not exist.
"""

from collections.abc import Iterable, Mapping

ALLOW, APPROVAL = "allow", "approval"
SYSTEM_ROLES: Mapping[str, str] = {
    "admin": "Administrator",
    "manager": "Manager",
    "staff": "Staff",
    "technician": "Technician",
    "instructor": "Instructor",
    "viewer": "Viewer",
}
#: Columns of the table below, after admin, who holds everything.
_COLUMNS = ("manager", "staff", "technician", "instructor", "viewer")

#: Permission names and one letter per column: A allowed, P needs approval, - none.
_TABLE = """
pos.sell pos.hold pos.receipt.reprint                                                        A A A - -
pos.view                                                                                     A A A - A
pos.misc_item pos.line.remove_after_tender                                                   A P - - -
pos.discount.apply                                                                           A A P - -
pos.discount.approve pos.price_override pos.min_price.override                               A P - - -
pos.void pos.refund.late pos.refund.tender_override pos.refund.no_receipt                    A P - - -
pos.refund pos.tax_exempt.attach                                                             A A - - -
pos.tax.edit                                                                                 P - - - -
drawer.open drawer.close drawer.drop drawer.x_report                                         A A - - -
drawer.view                                                                                  A A - - A
drawer.paid_in_out drawer.no_sale                                                            A P - - -
drawer.variance.approve drawer.force_close drawer.see_expected                               A - - - -
gift_card.sell store_credit.use                                                              A A - - -
gift_card.adjust store_credit.issue                                                          A P - - -
layaway.manage                                                                               A A - - -
layaway.fee.waive                                                                            A P - - -
account.view                                                                                 A A A - A
account.edit                                                                                 A A - - -
account.merge account.archive                                                                A - - - -
account.erase                                                                                - - - - -
ar.charge                                                                                    A A - - -
ar.credit.override                                                                           A P - - -
ar.write_off                                                                                 P - - - -
catalog.view                                                                                 A A A - A
catalog.edit catalog.price.edit                                                              A - - - -
catalog.cost.view                                                                            A - A - -
inventory.receive inventory.transfer inventory.count                                         A A A - -
inventory.adjust inventory.count.post inventory.oversell                                     A P - - -
purchasing.order purchasing.over_receive                                                     A - - - -
report.sales                                                                                 A A - - A
report.financial                                                                             A - - - A
accounting.view                                                                              A - - - A
accounting.export                                                                            A - - - -
accounting.manual accounting.backdate accounting.post_closed accounting.control accounting.period P - - - -
audit.view change_log.view                                                                   A - - - A
user.manage role.manage settings.edit license.manage company.create                          - - - - -
account.exemption.approve member.identity.view member.identity.edit                          A - - - -
special_order.manage                                                                         A A A - -
trade_in.manage                                                                              A A - - -
trade_in.approve                                                                             A - - - -
payment.force                                                                                P - - - -
settings.view                                                                                A A A A A
job.view                                                                                     A - - - A
job.manage                                                                                   A - - - -
"""

#: Areas that a PIN sign-in may use, and what a sale needs of others (USR-10).
PIN_AREAS = ("pos.", "drawer.", "personnel.self")
PIN_SALE_AREAS = ("account.", "gift_card.", "store_credit.", "layaway.", "special_order.", "trade_in.")
PIN_EXTRA = frozenset({"catalog.view", "settings.view", "ar.charge", "inventory.oversell", "account.view"})


def _parse(table: str) -> dict[str, dict[str, str]]:
    effects = {"A": ALLOW, "P": APPROVAL}
    catalogue: dict[str, dict[str, str]] = {}
    for line in table.strip().splitlines():
        *names, manager, staff, technician, instructor, viewer = line.split()
        letters = zip(_COLUMNS, (manager, staff, technician, instructor, viewer), strict=True)
        defaults = {role: effects[letter] for role, letter in letters if letter in effects}
        for name in names:
            catalogue[name] = {"admin": ALLOW} | defaults
    return catalogue


#: permission -> role code -> effect, as shipped.
CATALOGUE: Mapping[str, Mapping[str, str]] = _parse(_TABLE)


def role_defaults(role: str) -> dict[str, str]:
    """Return the shipped permissions of a system role."""
    return {name: effects[role] for name, effects in CATALOGUE.items() if role in effects}


def implied(permission: str) -> Iterable[str]:
    """Return what a permission includes: ``x.manage`` includes ``x.edit``, which includes ``x.view`` (USR-03)."""
    area, _, verb = permission.rpartition(".")
    chain = ("manage", "edit", "view")
    following = chain[chain.index(verb) + 1 :] if verb in chain else ()
    return (name for name in (f"{area}.{step}" for step in following) if name in CATALOGUE)


def pin_may_hold(permission: str) -> bool:
    """Tell whether a PIN session may carry a permission (USR-10)."""
    return permission.startswith(PIN_AREAS + PIN_SALE_AREAS) or permission in PIN_EXTRA
