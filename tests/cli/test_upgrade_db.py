"""`upgrade-db` seals what the old server had left unsealed, since its transaction ids mean nothing in the new one."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from lunarfront.cli import main
from lunarfront.kernel.config import load_settings
from lunarfront.kernel.runtime.find_postgres import DEBIAN, find_postgres, inspect
from lunarfront.kernel.runtime.testing import temporary_home

from .conftest import PASSWORD, SETUP, Cli, clean_environment


def older_folder() -> Path | None:
    """Return a Debian server that is older than the wheel's."""
    newest = find_postgres(load_settings({})).major
    found = [item for item in map(inspect, sorted(DEBIAN.glob("*/bin"))) if item and item.major < newest]
    return found[0].bin_dir if found else None


#: Leaves audit rows behind, unsealed.
CREATE = "users create --email bo@shop.example --full-name Bo --role staff --password-file -"


@pytest.mark.slow
def test_aud_04_upgrade_db_seals_with_the_new_servers_ids() -> None:
    folder = older_folder()
    with temporary_home() as home:
        cli = Cli(home)
        env = clean_environment(home) | ({"LUNARFRONT_PG_BIN": str(folder)} if folder else {})
        for words in (SETUP, CREATE):
            done = CliRunner().invoke(main, words.split(), input=PASSWORD + "\n", env=env)
            assert done.exit_code == 0, done.output
        if folder is None:
            assert "already" in cli.json("upgrade-db")["error"]
        else:
            assert "upgrade-db" in cli.json("users list")["error"]
            assert cli.json("upgrade-db")["sealed"] > 0
        assert cli.json("audit verify")["ok"]


def test_nothing_to_upgrade_is_a_plain_sentence(tmp_path: Path) -> None:
    answer = Cli(tmp_path).json("upgrade-db")
    assert answer["error"].startswith("There is no data to upgrade in ")
