"""A repository of the release before, edited as learners do, comes to the newest one."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold import __version__
from scaffold.create import ProjectSpec, create
from scaffold.releases import releases
from scaffold.upgrade import UpgradeSpec, upgrade
from tests.combinations import AUTHOR, Combination
from tests.repositories.conftest import Repository

BEFORE = releases().versions[releases().versions.index(__version__) - 1]
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
        yield Repository(path, combination, repository.stack)


def test_typical_edits_survive_and_its_own_tests_pass(old: Repository) -> None:
    readme = old.path / "README.md"
    text = readme.read_text("utf-8")
    assert "- nothing yet" in text
    readme.write_text(text.replace("- nothing yet", f"- {MINE}; nothing"), encoding="utf-8")
    settings = old.path / old.stack["paths"]["settings"]
    settings.write_text(settings.read_text("utf-8") + f"\n# {MINE}\n", encoding="utf-8")
    (old.path / "docs" / "diary.md").write_text(f"{MINE}\n", encoding="utf-8")
    old.run(old.commands("format"))
    old.run("git rm --quiet load/* && git add --all && git commit --quiet --message=mine")

    upgraded = upgrade(releases(), UpgradeSpec(old.path, in_place=True))

    assert (upgraded.conflicts, upgraded.notes) == ({}, [])
    for path in (readme, settings, old.path / "docs" / "diary.md"):
        assert MINE in path.read_text("utf-8")
    assert not (old.path / "load").exists()
    assert old.run("git status --porcelain") == ""
    old.run(old.commands("lint"))
    old.run(old.commands("test"))
