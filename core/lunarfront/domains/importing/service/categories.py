"""Categories that a file names by their path, such as ``Strings > Violin``; new ones are planned."""

from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.catalog.models import Category
from lunarfront.domains.catalog.rules import MAX_DEPTH
from lunarfront.domains.importing.service.loading import load_row
from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.faults import Faults
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.text import folded


class _CategoryName(LfSchema):
    category = f.Text(max_length=120)


_SCHEMA = _CategoryName()


class CategoryPlan:
    """Finds categories by path and remembers those to make."""

    def __init__(self, ctx: CompanyContext) -> None:
        rows = ctx.uow.session.execute(select(Category.id, Category.parent_id, Category.name)).all()
        self._ctx = ctx
        self._known: dict[tuple[UUID | None, str], UUID] = {(r.parent_id, folded(r.name)): r.id for r in rows}
        self._new: list[tuple[UUID, UUID | None, str]] = []

    @property
    def coming(self) -> dict[UUID, str | None]:
        """The categories to make; they have no SKU prefix."""
        return {category_id: None for category_id, _, _ in self._new}

    def find(self, path: str, faults: Faults) -> UUID:
        """Return the id of a category, planning what is missing of its path."""
        names = [name.strip() for name in path.split(">")]
        if len(names) > MAX_DEPTH:
            faults.add("category", "validation_failed", f"At most {MAX_DEPTH} names with > between them.")
            names = names[:MAX_DEPTH]
        found = self._step(None, names[0], faults)
        for name in names[1:]:
            found = self._step(found, name, faults)
        return found

    def _step(self, parent: UUID | None, name: str, faults: Faults) -> UUID:
        known = self._known.get((parent, folded(name)))
        if known is None:
            loaded = load_row(_SCHEMA, {"category": name}, faults)
            known = self._plan(parent, loaded["category"] if loaded else name)
        return known

    def _plan(self, parent: UUID | None, name: str) -> UUID:
        category_id = uuid7()
        self._known[(parent, folded(name))] = category_id
        self._new.append((category_id, parent, name))
        return category_id

    def write(self) -> None:
        """Collect the categories to make."""
        for category_id, parent_id, name in self._new:
            self._ctx.uow.add(Category, id=category_id, parent_id=parent_id, name=name)
