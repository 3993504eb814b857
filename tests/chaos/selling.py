"""The product as it stands in a store, with clerks who ring up sales over HTTP and ask again when no answer came."""

import json
import os
import random
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
from sqlalchemy import Engine

from lunarfront.cli.processes import children, free_port, web_url
from lunarfront.domains.drawer.models import Drawer, DrawerSession
from lunarfront.domains.inventory.service.opening import OpeningRow, receive_opening_stock
from lunarfront.kernel.auth.models import ApiToken
from lunarfront.kernel.auth.secrets import new_secret
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.config import Settings, load_settings
from lunarfront.kernel.core import Core, make_engine
from lunarfront.kernel.db.migrate import upgrade
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.runtime.supervisor import Supervisor
from lunarfront.kernel.runtime.waiting import http_answers, until
from lunarfront.kernel.tenancy.models import Terminal
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.contexts import context_of
from lunarfront.sdk.testing.goods import add_category, add_item
from lunarfront.sdk.testing.world import CompanyWorld, make_world
from tests.chaos.conftest import CATCH_UP_SECONDS, Store

TILLS, CLERKS_AT_A_TILL, ITEMS = 2, 2, 6
ANSWER_SECONDS = 10


@dataclass(frozen=True)
class Till:
    """A till with an open drawer and its token."""

    terminal_id: UUID
    token: str


@dataclass(frozen=True)
class Answer:
    """What a clerk was told of a sale."""

    client_uuid: UUID
    id: UUID
    number: str
    total: Decimal


@dataclass
class Shop(Store):
    """A running store whose sales go through the public API."""

    url: str = ""
    tills: list[Till] = field(default_factory=list)
    items: list[UUID] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    asked: set[UUID] = field(default_factory=set)
    lost: int = 0
    strange: list[str] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Clerks sell for as long as the block lasts; then each finishes the sale in hand."""
        clerks = [
            threading.Thread(target=self._clerk, args=(till, random.Random(number)))
            for number, till in enumerate(self.tills * CLERKS_AT_A_TILL)
        ]
        for clerk in clerks:
            clerk.start()
        try:
            yield
        finally:
            self._closed.set()
            for clerk in clerks:
                clerk.join()

    def _clerk(self, till: Till, chance: random.Random) -> None:
        while not self._closed.is_set():
            self._ring_up(till, chance)

    def _ring_up(self, till: Till, chance: random.Random) -> None:
        """One sale, asked for until there is an answer: with the same key, or with the same uuid under another one."""
        lines = [
            {"variant_id": str(item), "qty": str(chance.randint(1, 3))}
            for item in chance.sample(self.items, 3)
        ]
        body = {
            "client_uuid": str(UUID(int=chance.getrandbits(128), version=4)),
            "lines": lines,
            "tenders": [{"type": "cash", "tendered": "1000.00"}],
            "complete": True,
        }
        self.asked.add(UUID(str(body["client_uuid"])))
        key = uuid4().hex
        answered = until(
            lambda: self._ask(till, body, key if chance.random() < 0.5 else uuid4().hex), CATCH_UP_SECONDS
        )
        if not answered:
            self.strange.append(f"no answer for {body['client_uuid']}")

    def _ask(self, till: Till, body: dict[str, Any], key: str) -> bool:
        """Send a sale once and note its answer; no answer, or that of a store in trouble, is to be asked again."""
        headers = {
            "Authorization": f"Bearer {till.token}",
            "X-Terminal-Id": str(till.terminal_id),
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        }
        request = urllib.request.Request(
            f"{self.url}/api/v1/transactions", json.dumps(body).encode(), headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                self._note(json.loads(answer.read()))
                return True
        except urllib.error.HTTPError as error:
            told = error.read().decode()
            if error.code == 503 or "request_in_progress" in told:
                return self._lose()
            self.strange.append(f"{error.code} {told[:300]}")
            return True
        except (OSError, ValueError):
            return self._lose()

    def _lose(self) -> bool:
        """Count an answer that did not come; a clerk takes a breath before he asks again."""
        self.lost += 1
        self._closed.wait(0.1)
        return False

    def _note(self, sale: dict[str, Any]) -> None:
        if sale["status"] != "completed":
            self.strange.append(f"{sale['id']} is {sale['status']}")
        uuid, total = UUID(sale["client_uuid"]), Decimal(sale["total"])
        self.answers.append(Answer(uuid, UUID(sale["id"]), sale["number"], total))
        self.acknowledged.append(uuid)

    @property
    def engine(self) -> Engine:
        """Our own connections, of which some point at a server that is gone."""
        assert isinstance(self.core.bind, Engine)
        return self.core.bind

    # --- the killer -------------------------------------------------------------------------------

    def kill_any(self, victim: str) -> None:
        """Kill -9 ``web``, a ``web process``, a ``backend``, or a process by its name in the supervisor."""
        if victim == "web process":
            self._kill_child_of(self.supervisor.children["web"].pid)
        elif victim == "backend":
            self._kill_backend()
        else:
            self.kill(victim)

    def _kill_child_of(self, parent: int) -> None:
        """Kill one process of the web server and wait until it has as many as before."""
        before = [child.pid for child in psutil.Process(parent).children()]
        os.kill(before[-1], signal.SIGKILL)
        assert until(lambda: len(_living(parent) - set(before[-1:])) >= len(before), CATCH_UP_SECONDS)

    def _kill_backend(self) -> None:
        """Kill a server process of a clerk: PostgreSQL throws out all others and recovers."""
        pid = 0

        def killed() -> bool:
            nonlocal pid
            pid = next(iter(self._backends()), 0)
            if pid:
                os.kill(pid, signal.SIGKILL)
            return bool(pid)

        assert until(killed, CATCH_UP_SECONDS), "no clerk has a connection"

    def _backends(self) -> list[int]:
        return [
            child.pid
            for child in psutil.Process(self._pid("postgresql")).children()
            if "lf_app" in " ".join(child.cmdline())
        ]

    def answers_again(self) -> bool:
        """Wait until the web server answers."""
        return until(lambda: http_answers(f"{self.url}/api/v1/health/live"), CATCH_UP_SECONDS)


def _living(parent: int) -> set[int]:
    return {c.pid for c in psutil.Process(parent).children() if c.status() != psutil.STATUS_ZOMBIE}


@contextmanager
def running_shop(home: Path) -> Iterator[Shop]:
    """Start everything as ``lunarfront up`` does, with fsync, in a home with one filled company."""
    environ = {"LUNARFRONT_WORKERS": "2", "LUNARFRONT_THREADS": "2", "LUNARFRONT_METRICS": ""}
    environ |= {"LUNARFRONT_LOG_LEVEL": "error"}
    place = {"LUNARFRONT_HOME": str(home), "LUNARFRONT_PORT": str(free_port("127.0.0.1", 0))}
    settings = load_settings(place | environ)
    with Supervisor(settings) as supervisor:
        services = supervisor.start_services()
        upgrade(services.urls.require_owner())
        engine = make_engine(services.urls.app_url, settings)
        shop = _filled(supervisor, settings, engine, make_world(services.urls.app_url).company)
        supervisor.start_children(children(settings, demo=False, environ=environ))
        loop = threading.Thread(target=supervisor.run)
        loop.start()
        try:
            assert shop.answers_again(), "the web server did not start"
            yield shop
        finally:
            engine.dispose()
            supervisor.request_stop()
            loop.join()


def _filled(supervisor: Supervisor, settings: Settings, engine: Engine, company: CompanyWorld) -> Shop:
    shop = Shop(
        supervisor, Core(settings=settings, bind=engine), company.id, settings.home, url=web_url(settings)
    )
    with UnitOfWork(engine, company.id) as uow:
        ctx = context_of(uow, company, company.people["admin"].id, utc_now())
        category = add_category(uow)
        shop.items = [add_item(uow, category, f"S-{n}", f"{n + 1}.{n}9") for n in range(ITEMS)]
        shop.tills = [_add_till(uow, company, n) for n in range(TILLS)]
        uow.flush()
        rows = [
            OpeningRow(item, company.location_id, Decimal(100_000), Decimal("0.37")) for item in shop.items
        ]
        receive_opening_stock(ctx, rows, uuid7())
        uow.commit()
    return shop


def _add_till(uow: UnitOfWork, company: CompanyWorld, number: int) -> Till:
    user, now, secret = company.people["manager"].id, utc_now(), new_secret(uow.company_id)
    drawer = uow.add(Drawer, location_id=company.location_id, name=f"Chaos {number}")
    terminal = uow.add(
        Terminal, location_id=company.location_id, code=f"K{number}", name=f"Till {number}", drawer_id=drawer
    )
    uow.add(
        DrawerSession, drawer_id=drawer, terminal_id=terminal, location_id=company.location_id, status="open",
        opened_by=user, opened_at=now, business_date=now.date(), opening_float="0.00",
    )  # fmt: skip
    uow.add(ApiToken, user_id=user, name=f"till {number}", hash=secret.hash, terminal_id=terminal)
    return Till(terminal, secret.text)
