"""A repository of the release before, edited as learners do, comes to the newest one."""

import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from scaffold import __version__
from scaffold.create import ProjectSpec, create
from scaffold.releases import Releases, releases
from scaffold.upgrade import UpgradeSpec, upgrade
from tests.combinations import AUTHOR, Combination
from tests.repositories.repository import Repository
from tests.trees import contents

pytestmark = [pytest.mark.check("upgrade"), pytest.mark.one_idea]

BEFORE = releases().versions[releases().versions.index(__version__) - 1]
MINE = "what I built on top"


@pytest.fixture
def history(repository: Repository, tmp_path: Path) -> Releases:
    """The releases, of which the one before this has the combination."""
    combination: Combination = repository.combination
    with releases().catalog(BEFORE) as catalog:
        if combination.idea in catalog.ideas_of(combination.stack):
            return releases()
    return made_up(tmp_path / "history", repository)


def made_up(folder: Path, repository: Repository) -> Releases:
    """Return releases for a combination that is new in this one.

    Today's release adds a file to the one before, removes one, and changes two: one of every
    repository and one of the stack's.
    """
    templates = shutil.copytree(releases().templates, folder / "templates")
    (templates / "common" / "docs" / "gone.md").write_text("Not any more.\n", encoding="utf-8")
    (templates / "common" / ".editorconfig.jinja").unlink()
    stack = templates / "stacks" / repository.combination.stack / "files"
    for path in (templates / "common" / "README.md.jinja", stack / "Dockerfile.jinja"):
        path.write_text(path.read_text("utf-8") + "# Not any more.\n", encoding="utf-8")
    with tarfile.open(folder / f"{BEFORE}.tar.xz", "w:xz", preset=0) as archive:
        archive.add(templates, "templates")
    return Releases(folder, releases().templates, __version__)


@pytest.fixture
def old(
    repository: Repository, history: Releases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Repository:
    """The same combination, made by the release before, with its lock."""
    for name, value in repository.caches.items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "demo"
    answers = repository.combination.answers(project_name="Demo", **AUTHOR)
    with history.catalog(BEFORE) as catalog:
        created = create(catalog, ProjectSpec(path, answers, BEFORE))
    assert created.notes == []
    return replace(repository, path=path)


def changed(one: Repository, other: Repository) -> set[str]:
    """Return the paths of what Git keeps that differ between two repositories."""
    kept = [set(each.run("git ls-files").split()) for each in (one, other)]
    files = [contents(each.path) for each in (one, other)]
    paths = kept[0] | kept[1]
    return {path for path in paths if files[0].get(path) != files[1].get(path)}


def test_typical_edits_survive_and_the_rest_is_as_if_it_were_made_today(
    old: Repository, history: Releases, repository: Repository
) -> None:
    """So what the repository's own checks say of a new one holds for this one, too."""
    readme = old.path / "README.md"
    text = readme.read_text("utf-8")
    assert "- nothing yet" in text
    readme.write_text(text.replace("- nothing yet", f"- {MINE}; nothing"), encoding="utf-8")
    health = old.path / old.stack["paths"]["health"]
    # In the sentence that it begins with: that is a comment in every language.
    text = health.read_text("utf-8").replace(".", f", {MINE}.", 1)
    health.write_text(text, encoding="utf-8")
    (old.path / "docs" / "diary.md").write_text(f"{MINE}\n", encoding="utf-8")
    old.run("git rm --quiet load/* && git add --all && git commit --quiet --message=mine")

    upgraded = upgrade(history, UpgradeSpec(old.path, in_place=True))

    assert (upgraded.conflicts, upgraded.notes) == ({}, [])
    edited = [readme, health, old.path / "docs" / "diary.md"]
    for path in edited:
        assert MINE in path.read_text("utf-8")
    assert old.run("git status --porcelain") == ""
    mine = {path.relative_to(old.path).as_posix() for path in edited}
    loads = set(repository.run("git ls-files load").split())
    # A lock keeps the versions that it had where they still fit.
    assert changed(old, repository) - set(old.stack["lock_files"]) == mine | loads
    old.install()
