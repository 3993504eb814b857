"""``python -m tests.chaos.program worker|dispatcher``: the product's own loops, with leases of seconds, not minutes.

Everything is as in ``lunarfront worker`` and ``lunarfront dispatcher`` but the kinds of work and two waiting times.
"""

import os
import sys

from lunarfront.kernel.config import load_settings
from lunarfront.kernel.core import Core, make_engine
from lunarfront.kernel.db.registry import import_models
from lunarfront.kernel.jobs import retries, rows, run_dispatcher, run_worker
from lunarfront.kernel.jobs.registry import extra_kinds
from tests.chaos.kinds import KINDS


def main(role: str) -> None:
    """Run one loop until SIGTERM."""
    rows.LEASE_GRACE_SECONDS = 6
    retries.FIRST_DELAY = 1
    import_models()
    settings = load_settings(os.environ, testing=True)
    core = Core(settings=settings, bind=make_engine(settings.database_url or "", settings))
    with extra_kinds(*KINDS):
        if role == "dispatcher":
            run_dispatcher(core)
        else:
            run_worker(core, "default", in_process=role == "worker-in-process")


if __name__ == "__main__":
    main(sys.argv[1])
