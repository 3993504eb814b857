"""Each step of the history works in a session of its own, as at a store that updates now and then."""

import pytest
from alembic.script import ScriptDirectory

from lunarfront.kernel.db import migrate
from lunarfront.sdk.testing.database import TestServer

pytestmark = [pytest.mark.realdb, pytest.mark.slow]


def test_every_step_goes_down_and_up_alone(server: TestServer) -> None:
    history = ScriptDirectory(str(migrate.migrations_folder()))
    steps = [script.revision for script in history.walk_revisions()]
    with server.clone() as urls:
        owner_url = urls.require_owner()
        for step in [*steps[1:], "base"]:
            migrate.downgrade(owner_url, step)
        for step in reversed(steps):
            migrate.upgrade(owner_url, step)
        migrate.check_drift(owner_url)
