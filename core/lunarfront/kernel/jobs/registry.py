"""Which kinds of work exist: name, handler, queue, limits. Declared by decorators at import, then frozen (SEC-57)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from croniter import croniter

QUEUES = ("default", "billing", "mail")
#: A handler inside a transaction must end well before idle transactions are ended (SEC-14).
TRANSACTION_SECONDS = 30
EXTERNAL_SECONDS = 120

#: Modules that declare core's kinds. Those of domains are named here too: the kernel does not import them itself.
MODULES: tuple[str, ...] = (
    "lunarfront.kernel.jobs.housekeeping",
    "lunarfront.kernel.identity.jobs",
    "lunarfront.domains.accounts.jobs",
    "lunarfront.domains.sales.jobs",
)

Handler = Callable[..., Any]


@dataclass(frozen=True)
class JobKind:
    """One kind of work.

    ``handler(ctx, payload)`` runs inside one transaction with the row's ``done_at``. An ``external`` one is called
    as ``handler(call)`` with an ``ExternalCall`` and no transaction open; then ``record(ctx, payload, result)``
    stores its result together with ``done_at``. ``timeout`` is in seconds.
    """

    name: str
    handler: Handler
    external: bool = False
    queue: str = "default"
    timeout: int = TRANSACTION_SECONDS
    module: str = "core"
    record: Handler | None = None


@dataclass
class Registry:
    """All kinds and the schedules that every company gets; nothing is added once it is frozen."""

    kinds: dict[str, JobKind] = field(default_factory=dict)
    schedules: dict[str, str] = field(default_factory=dict)
    frozen: bool = False

    def add(self, kind: JobKind, cron: str | None = None) -> None:
        """Add a kind, with the cron expression of its schedule if it has one.

        Raises:
            ValueError: the name is taken, the queue or the expression is unknown, or the registry is frozen.
        """
        if self.frozen or kind.name in self.kinds:
            raise ValueError(f"job kind {kind.name}: {'the registry is frozen' if self.frozen else 'taken'}")
        if kind.queue not in QUEUES:
            raise ValueError(f"job kind {kind.name}: there is no queue {kind.queue}")
        if cron is not None and not croniter.is_valid(cron):
            raise ValueError(f"job kind {kind.name}: {cron!r} is no cron expression")
        self.kinds[kind.name] = kind
        if cron is not None:
            self.schedules[kind.name] = cron


_registry = Registry()


def load_jobs() -> Registry:
    """Import every module that declares kinds, freeze the registry and return it."""
    for name in MODULES:
        import_module(name)
    _registry.frozen = True
    return _registry


def registry() -> Registry:
    """Return the frozen registry."""
    return _registry if _registry.frozen else load_jobs()


def kind_named(name: str) -> JobKind | None:
    """Return a kind, None when no module that is installed declares it."""
    return registry().kinds.get(name)


def schedules() -> Mapping[str, str]:
    """Return kind to cron expression of the schedules that every company gets."""
    return registry().schedules


def job(
    name: str,
    *,
    external: bool = False,
    queue: str = "default",
    timeout: int | None = None,
    module: str = "core",
    record: Handler | None = None,
    cron: str | None = None,
) -> Callable[[Handler], Handler]:
    """Declare the handler of a kind; see ``JobKind``. With ``cron``, in the company's zone, it repeats."""
    seconds = timeout or (EXTERNAL_SECONDS if external else TRANSACTION_SECONDS)

    def declare(handler: Handler) -> Handler:
        _registry.add(JobKind(name, handler, external, queue, seconds, module, record), cron)
        return handler

    return declare


def scheduled(name: str, cron: str, **options: Any) -> Callable[[Handler], Handler]:
    """Declare a kind that every company repeats by a cron expression in its own zone (runtime.md §5)."""
    return job(name, cron=cron, **options)


@contextmanager
def extra_kinds(*kinds: JobKind, cron: Mapping[str, str] | None = None) -> Iterator[None]:
    """Know some more kinds for a while: for tests, which run after the registry is frozen."""
    known = registry()
    before = (dict(known.kinds), dict(known.schedules))
    known.kinds.update({kind.name: kind for kind in kinds})
    known.schedules.update(cron or {})
    try:
        yield
    finally:
        known.kinds, known.schedules = before
