"""Every release can be rendered, from wherever the package was installed."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from dev.release import digests, snapshot
from scaffold import __version__
from scaffold.catalog import Catalog
from scaffold.errors import InputError
from scaffold.releases import Releases, changelog, number, releases
from tests.toy import CHECKOUT
from tests.trees import contents


def test_the_snapshot_of_the_current_version_is_the_templates(tmp_path: Path) -> None:
    stored = releases().snapshots / f"{__version__}.tar.xz"
    with tarfile.open(stored) as archive:
        archive.extractall(tmp_path, filter="data")
    assert contents(tmp_path / "templates") == contents(CHECKOUT / "templates"), (
        "templates/ changed: `make release VERSION=...` stores a new release"
    )


@pytest.mark.parametrize("version", releases().versions)
def test_an_old_release_still_renders_to_the_same_bytes(version: str) -> None:
    with releases().catalog(version) as catalog:
        assert digests(catalog, version) == releases().recorded(version)


def test_every_release_has_a_changelog_entry() -> None:
    versions = releases().versions
    assert len(versions) >= 2
    for version in versions:
        assert f"## {version}\n" in changelog("0", version) + "\n"


def test_the_changelog_between_two_releases_is_newest_first() -> None:
    text = changelog("0.1.0", "0.2.0")
    assert text.startswith("## 0.2.0")
    assert "## 0.1.0" not in text


def test_versions_are_in_order(tmp_path: Path, toy_catalog: Catalog) -> None:
    for version in ("0.9.0", "0.10.0", "0.2.0"):
        snapshot(toy_catalog.folder, tmp_path / f"{version}.tar.xz")
    found = Releases(tmp_path, toy_catalog.folder, "1.0.0")
    assert found.versions == ["0.2.0", "0.9.0", "0.10.0", "1.0.0"]
    with found.catalog("0.9.0") as catalog:
        assert contents(catalog.folder) == contents(toy_catalog.folder)
    with pytest.raises(InputError, match="newer"):
        found.require("1.0.1")
    with pytest.raises(InputError, match="no release"):
        found.require("0.3.0")


@pytest.mark.parametrize("version", ["", "x", "1.x", "../1"])
def test_what_is_no_version_comes_before_all(version: str) -> None:
    assert number(version) < number("0")


def test_a_snapshot_is_the_same_file_each_time(tmp_path: Path, toy_catalog: Catalog) -> None:
    for name in ("one", "two"):
        snapshot(toy_catalog.folder, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_wheel_and_sdist_carry_templates_and_releases(tmp_path: Path) -> None:
    """Both are built from the checkout, the wheel as users get it: from the sdist."""
    build = [sys.executable, "-m", "uv", "build", "--quiet", "--no-build-isolation"]
    subprocess.run([*build, "--out-dir", str(tmp_path), str(CHECKOUT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")  # noqa: S202 - built just now
    for part in ("templates", "releases"):
        inside = {n.removeprefix("scaffold/") for n in names if n.startswith(f"scaffold/{part}/")}
        assert inside == {f"{part}/{name}" for name in contents(CHECKOUT / part)}
    done = subprocess.run(
        [sys.executable, "-m", "scaffold", "list", "ideas"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed"), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "To-Do List" in done.stdout
