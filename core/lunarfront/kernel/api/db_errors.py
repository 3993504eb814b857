"""What a database error means to a client (domain-core.md §10.1)."""

from sqlalchemy.exc import DBAPIError

from lunarfront.kernel.problems import FieldError, Problem

RETRYABLE = frozenset({"40001", "40P01"})
#: Classes of errors in which the server itself is in trouble: connection, resources (disk full), shutdown, system.
UNAVAILABLE_CLASSES = ("08", "53", "57P", "58")
#: Time limits of lock, statement and idle transaction, and a server that only reads.
UNAVAILABLE = frozenset({"55P03", "57014", "25P03", "25006"})

#: constraint -> (code, field, sentence); domains add theirs with ``describe_constraint``.
_CONSTRAINTS: dict[str, tuple[str, str, str]] = {}


_RETRIED: set[str] = set()


def retry_when_violated(name: str) -> None:
    """Run the use case again when this unique constraint is violated: it then finds the row that was first."""
    _RETRIED.add(name)


def describe_constraint(name: str, code: str, field: str, sentence: str) -> None:
    """Say how the violation of a named constraint is told to people."""
    _CONSTRAINTS[name] = (code, field, sentence)


def sqlstate(error: DBAPIError) -> str:
    """Return the SQLSTATE of a database error, empty when the connection broke."""
    return getattr(error.orig, "sqlstate", None) or ""


def is_retryable(error: DBAPIError) -> bool:
    """Tell whether the use case may simply run again: deadlock, serialization failure, stale connection."""
    return sqlstate(error) in RETRYABLE or error.connection_invalidated or constraint_name(error) in _RETRIED


def is_unavailable(state: str) -> bool:
    """Tell whether a SQLSTATE (empty: the connection broke) means that the database cannot work now (SEC-78)."""
    return not state or state in UNAVAILABLE or state.startswith(UNAVAILABLE_CLASSES)


def constraint_name(error: DBAPIError) -> str:
    """Return the constraint that was violated, empty when it was none."""
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""


def problem_of(error: DBAPIError) -> Exception:
    """Return the problem that a client can act on, or the error itself when it is our fault."""
    state = sqlstate(error)
    if error.connection_invalidated or is_unavailable(state):
        return Problem("dependency_unavailable", "The database is not available. Try again.")
    if state in RETRYABLE:
        return Problem("conflict", "Others were faster. Try again.")
    if state in ("23505", "23P01", "23514", "23503"):
        return _constraint_problem(error, state)
    if state in ("22003", "22P02", "22001", "22007", "22008"):
        return Problem("validation_failed", "A value is out of range.")
    return error


def _constraint_problem(error: DBAPIError, state: str) -> Problem:
    name = constraint_name(error)
    known = _CONSTRAINTS.get(name)
    if known:
        code, field, sentence = known
        return Problem(code, sentence, errors=(FieldError(field, code, sentence),))
    if state in ("23505", "23P01"):
        return Problem("conflict", f"This exists already ({name}).")
    if state == "23503":
        return Problem("not_found", f"A row that this refers to does not exist ({name}).")
    return Problem("validation_failed", f"This is not allowed ({name}).")
