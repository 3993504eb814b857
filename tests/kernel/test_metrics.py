"""Figures on a port of their own: requests, statements, jobs, backlog; of all processes together (runtime.md §8)."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lunarfront.kernel import metrics
from lunarfront.kernel.core import Core
from lunarfront.kernel.jobs import JobKind, enqueue
from lunarfront.kernel.jobs.inline import run_due_jobs
from lunarfront.kernel.jobs.registry import extra_kinds
from lunarfront.sdk.testing.plugin import RealDb

pytestmark = pytest.mark.realdb

#: A process that measures and ends.
OTHER = """
import os, sys
os.environ["PROMETHEUS_MULTIPROC_DIR"] = sys.argv[1]
from lunarfront.kernel import metrics
metrics._instruments = metrics.Instruments()
metrics.observe_job("test.other", "done", 0.2)
metrics.observe_job("test.other", "done", 0.2)
if sys.argv[2] == "collect":
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector
    registry = CollectorRegistry()
    MultiProcessCollector(registry, sys.argv[1])
    print(generate_latest(registry).decode())
"""


@pytest.fixture
def core(realdb: RealDb) -> Core:
    found: Core = realdb.app.extensions["lunarfront"]
    found.settings = replace(found.settings, metrics="127.0.0.1:0", jobs="postgres")
    return found


@pytest.fixture
def page(core: Core) -> Iterator[str]:
    with metrics.served(core) as port:
        yield f"http://127.0.0.1:{port}/metrics"


def read(page: str) -> str:
    with urllib.request.urlopen(page, timeout=20) as answer:
        return answer.read().decode()


def figure(page: str, start: str) -> float:
    found = [line for line in read(page).splitlines() if line.startswith(start)]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


def test_requests_are_counted_by_route_and_status(realdb: RealDb, page: str) -> None:
    name = 'lunarfront_request_seconds_count{method="GET",route="/api/v1/jobs/<uuid:job_id>",status="404"}'
    before = figure(page, name)
    realdb.client().get("/jobs/01a20d98-3269-73c2-9de4-f73988d665be")
    assert figure(page, name) >= before + 1
    assert figure(page, 'lunarfront_request_statements_sum{route="/api/v1/jobs/<uuid:job_id>"}') > 0


def test_jobs_are_timed_by_kind_and_counted(realdb: RealDb, core: Core, page: str) -> None:
    with extra_kinds(JobKind("test.metrics", lambda ctx, payload: None)):
        with core.unit_of_work(realdb.world.company.id) as uow:
            enqueue(uow, "test.metrics", {})
            uow.commit()
        assert figure(page, "lunarfront_jobs_due ") == 1
        run_due_jobs(core, realdb.world.company.id)
    assert figure(page, 'lunarfront_job_seconds_count{kind="test.metrics",outcome="done"}') == 1
    assert figure(page, "lunarfront_jobs_due ") == 0


def test_figures_of_several_processes_are_summed(tmp_path: Path) -> None:
    def run(word: str) -> str:
        command = [sys.executable, "-c", OTHER, str(tmp_path), word]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    run("end")
    assert 'lunarfront_job_seconds_count{kind="test.other",outcome="done"} 4.0' in run("collect")


def test_files_of_ended_processes_are_removed(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for pid in (ended.pid, os.getpid()):
        (tmp_path / f"histogram_{pid}.db").touch()
    metrics._forget_dead(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [f"histogram_{os.getpid()}.db"]


def test_a_taken_port_is_no_reason_not_to_work(core: Core) -> None:
    with metrics.served(core) as port:
        core.settings = replace(core.settings, metrics=f"127.0.0.1:{port}")
        with metrics.served(core) as second:
            assert second is None


def test_off_when_empty(core: Core) -> None:
    core.settings = replace(core.settings, metrics="")
    with metrics.served(core) as port:
        assert port is None
