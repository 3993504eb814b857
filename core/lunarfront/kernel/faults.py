"""Several wrong values told at once, instead of the first one."""

from lunarfront.kernel.problems import FieldError, Problem


class Faults:
    """Collects what is wrong with an input; ``path`` is put before every field name.

    ``faults.at("variants[0].")`` is the same list under a longer path.
    """

    def __init__(self, path: str = "", errors: list[FieldError] | None = None) -> None:
        self.path = path
        self.errors: list[FieldError] = [] if errors is None else errors

    def at(self, step: str) -> "Faults":
        """Return a view of the same faults whose fields lie under ``step``."""
        return Faults(self.path + step, self.errors)

    def add(self, field: str, code: str, message: str) -> None:
        """Note one wrong value."""
        self.errors.append(FieldError(self.path + field, code, message))

    def problem(self) -> Problem:
        """Return the problem that names all of them; one code for all is the problem's own."""
        codes = {error.code for error in self.errors}
        first = self.errors[0]
        code = codes.pop() if len(codes) == 1 else "validation_failed"
        return Problem(code, f"{first.field}: {first.message}", errors=tuple(self.errors))

    def raise_any(self) -> None:
        """Refuse the input if anything is wrong with it.

        Raises:
            Problem: with every fault.
        """
        if self.errors:
            raise self.problem()
