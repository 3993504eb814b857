"""Process caches by company that end whole when the company's version changes (hot-path.md §4, §7)."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


class CompanyCache(Generic[T]):
    """Least recently used values by company, each stored under the version that was read before its rows."""

    instances: ClassVar[list["CompanyCache[Any]"]] = []

    def __init__(self, max_companies: int) -> None:
        self.instances.append(self)
        self._entries: OrderedDict[UUID, tuple[int, T]] = OrderedDict()
        self._max = max_companies
        self._lock = Lock()

    def get(self, company_id: UUID, version: int, make: Callable[[], T]) -> T:
        """Return the value for this version, made anew when there is none."""
        with self._lock:
            entry = self._entries.get(company_id)
            if entry is not None and entry[0] == version:
                self._entries.move_to_end(company_id)
                return entry[1]
        value = make()
        with self._lock:
            self._entries[company_id] = (version, value)
            while len(self._entries) > self._max:
                self._entries.popitem(last=False)
        return value

    @classmethod
    def clear_all(cls) -> None:
        """Forget everything: needed only where versions go back, as in a test that is rolled back."""
        for cache in cls.instances:
            with cache._lock:
                cache._entries.clear()
