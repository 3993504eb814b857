"""Errors that a client can act on: RFC 9457 problems with a listed code (domain-core.md §9, §10.1)."""

from dataclasses import dataclass, field
from typing import Any

from lunarfront.kernel.problem_codes import CODES_BY_STATUS, STATUS_BY_CODE

TYPE_PREFIX = "https://docs.lunarfront.example/errors/"

#: Sentences for codes whose name alone is not a helpful title.
TITLES = {
    "validation_failed": "Some values need your attention",
    "unknown_field": "The request has a field that is not known here",
    "unauthenticated": "Please sign in",
    "forbidden": "You do not have the right to do this",
    "not_found": "Not found",
    "approval_required": "This needs approval",
    "approval_locked": "Too many wrong PINs on this terminal",
    "drawer_not_open": "Open the cash drawer first",
    "no_lines": "The sale has no lines",
    "underpaid": "The payment is less than the amount due",
    "version_conflict": "Somebody changed this in the meantime",
    "precondition_required": "The version you edited is missing (If-Match)",
    "idempotency_key_required": "The Idempotency-Key header is missing",
    "idempotency_key_reused": "This Idempotency-Key was used for another request",
    "request_in_progress": "The same request is still running",
    "tax_not_configured": "No tax rule covers this item at this location",
    "unknown_barcode": "No item has this code",
    "possible_duplicate": "This customer may exist already",
    "internal_error": "Something went wrong on our side",
    "dependency_unavailable": "A part of the system is not available right now",
}


@dataclass(frozen=True)
class FieldError:
    """One wrong value: ``field`` is a path such as ``lines[1].qty``."""

    field: str
    code: str
    message: str

    def as_dict(self) -> dict[str, str]:
        """Return the member of ``errors`` in a problem document."""
        return {"field": self.field, "code": self.code, "message": self.message}


@dataclass(eq=False)
class Problem(Exception):
    """A refusal with a listed code. Raising it rolls the unit of work back.

    Args:
        code: a code of ``problem_codes``.
        detail: one sentence for a person, with the numbers that matter.
        errors: the single fields that are wrong.
        status: only for the two codes that have a second status.
        extra: further members of the problem document (``permission``, ``limit``, ``balance_due`` …).
    """

    code: str
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    status: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        default = STATUS_BY_CODE.get(self.code)
        if default is None:
            raise ValueError(f"{self.code} is not a listed error code")
        if self.status and self.code not in CODES_BY_STATUS[self.status]:
            raise ValueError(f"{self.code} is not listed with status {self.status}")
        self.status = self.status or default
        super().__init__(self.code, self.detail)

    @property
    def title(self) -> str:
        """The short sentence that names the kind of error."""
        return TITLES.get(self.code, self.code.replace("_", " ").capitalize())

    def as_dict(self, request_id: str) -> dict[str, Any]:
        """Return the problem document (``application/problem+json``)."""
        document: dict[str, Any] = {
            "type": TYPE_PREFIX + self.code,
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "request_id": request_id,
            "errors": [error.as_dict() for error in self.errors],
        }
        return document | self.extra


def invalid(field_name: str, code: str, message: str) -> Problem:
    """Return a problem about one field; the problem's own code is that of the field."""
    return Problem(code, message, errors=(FieldError(field_name, code, message),))


def not_found() -> Problem:
    """Return the 404 that hides whether a row exists in another company (USR-02)."""
    return Problem("not_found")
