"""A store installs wheels, not a checkout: build core's, put it alone into a clean environment, use it."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import dev
from tests.guards.source import ROOT

pytestmark = [pytest.mark.wheel, pytest.mark.slow]
UV = Path(sys.executable).with_name("uv")


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (built,) = folder.glob("lunarfront-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the commands of an environment that holds the runtime lock and the wheel, and nothing else."""
    folder = tmp_path_factory.mktemp("store")
    run(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv")
    binaries = folder / "venv" / "bin"
    install = (UV, "pip", "install", "--quiet", "--python", binaries / "python")
    run(*install, "--require-hashes", "-r", ROOT / "requirements/runtime.lock")
    run(*install, "--no-deps", wheel)
    yield binaries
    shutil.rmtree(folder)


def test_the_wheel_carries_migrations_assets_and_templates(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "lunarfront/migrations/env.py" in names
    assert "lunarfront/static/dist/manifest.json" in names
    assert "lunarfront/templates/base.html" in names
    assert "lunarfront/py.typed" in names


def test_the_wheel_carries_every_migration_of_the_checkout(wheel: Path) -> None:
    packed = {
        Path(name).name for name in zipfile.ZipFile(wheel).namelist() if "/migrations/versions/" in name
    }
    assert packed == {path.name for path in (ROOT / "migrations/versions").glob("*.py")}


def test_the_wheel_carries_no_sources_of_assets(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith(("web/", "node_modules/", "tests/", "core/"))]


def test_a_wheel_from_a_source_distribution_needs_no_node(tmp_path: Path) -> None:
    """The source distribution carries the built assets and not their sources (frontend.md §3)."""
    run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, ROOT)
    (packed,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(packed, tmp_path, filter="data")
    unpacked = tmp_path / packed.name.removesuffix(".tar.gz")
    assert not (unpacked / "web").exists()
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, unpacked)
    (built,) = tmp_path.glob("*.whl")
    assert "lunarfront/static/dist/manifest.json" in zipfile.ZipFile(built).namelist()


@pytest.mark.parametrize("module", dev.MODULES)
def test_a_module_builds_into_a_wheel_of_its_own(module: str, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT / module)
    (built,) = tmp_path.glob("*.whl")
    assert {name.split("/")[0] for name in zipfile.ZipFile(built).namelist()} <= {
        module,
        f"{module}-0.1.0.dist-info",
    }


def test_the_installed_package_is_the_wheel_and_its_command_runs(installed: Path) -> None:
    where = run(installed / "python", "-c", "import lunarfront; print(lunarfront.__file__)", cwd=installed)
    assert str(installed.parent) in where
    assert "0.1.0" in run(installed / "lunarfront", "--version", cwd=installed)


def test_installed_migrations_are_found_inside_the_package(installed: Path) -> None:
    code = "from lunarfront.kernel.db.migrate import migrations_folder as f; print(f())"
    found = Path(run(installed / "python", "-c", code, cwd=installed).strip())
    assert installed.parent in found.parents
    assert (found / "env.py").is_file()
