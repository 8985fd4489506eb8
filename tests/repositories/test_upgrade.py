"""A repository of the release before, edited as learners do, comes to the newest one."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scaffold import __version__
from scaffold.create import ProjectSpec, create
from scaffold.releases import releases
from scaffold.upgrade import UpgradeSpec, upgrade
from tests.combinations import AUTHOR, Combination
from tests.repositories.repository import Repository
from tests.trees import contents

BEFORE = releases().versions[releases().versions.index(__version__) - 1]
SLASHES = {".ts", ".js", ".java", ".cs", ".php"}  # languages whose comments begin with //
MINE = "what I built on top"


@pytest.fixture
def old(repository: Repository) -> Iterator[Repository]:
    """The same combination, made by the release before, with its lock."""
    combination: Combination = repository.combination
    with tempfile.TemporaryDirectory() as folder, releases().catalog(BEFORE) as catalog:
        if combination.idea not in catalog.ideas_of(combination.stack):
            pytest.skip(f"{combination} is new in this release: there is nothing to upgrade")
        path = Path(folder) / "demo"
        answers = combination.answers(project_name="Demo", **AUTHOR)
        created = create(catalog, ProjectSpec(path, answers, BEFORE))
        assert created.notes == []
        yield replace(repository, path=path)


def changed(one: Repository, other: Repository) -> set[str]:
    """Return the paths of what Git keeps that differ between two repositories."""
    kept = [set(each.run("git ls-files").split()) for each in (one, other)]
    files = [contents(each.path) for each in (one, other)]
    paths = kept[0] | kept[1]
    return {path for path in paths if files[0].get(path) != files[1].get(path)}


def test_typical_edits_survive_and_the_rest_is_as_if_it_were_made_today(
    old: Repository, repository: Repository
) -> None:
    """So what the repository's own checks say of a new one holds for this one, too."""
    readme = old.path / "README.md"
    text = readme.read_text("utf-8")
    assert "- nothing yet" in text
    readme.write_text(text.replace("- nothing yet", f"- {MINE}; nothing"), encoding="utf-8")
    health = old.path / old.stack["paths"]["health"]
    comment = "//" if health.suffix in SLASHES else "#"
    health.write_text(health.read_text("utf-8") + f"\n{comment} {MINE}\n", encoding="utf-8")
    (old.path / "docs" / "diary.md").write_text(f"{MINE}\n", encoding="utf-8")
    old.run(old.commands("format"))
    old.run("git rm --quiet load/* && git add --all && git commit --quiet --message=mine")

    upgraded = upgrade(releases(), UpgradeSpec(old.path, in_place=True))

    assert (upgraded.conflicts, upgraded.notes) == ({}, [])
    edited = [readme, health, old.path / "docs" / "diary.md"]
    for path in edited:
        assert MINE in path.read_text("utf-8")
    assert old.run("git status --porcelain") == ""
    mine = {path.relative_to(old.path).as_posix() for path in edited}
    loads = set(repository.run("git ls-files load").split())
    # A lock keeps the versions that it had where they still fit.
    assert changed(old, repository) - set(old.stack["lock_files"]) == mine | loads
    old.run(old.commands("lint"))
