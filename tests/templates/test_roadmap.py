"""The roadmap's steps, and which ideas show them: what one does not show, another must."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from scaffold.render import render
from tests.combinations import CATALOG, COMBINATIONS

DOCUMENT = "docs/roadmap.md"
STEPS = CATALOG.context(COMBINATIONS[0].idea, COMBINATIONS[0].stack)["roadmap"]
# Those that step 6 names, as ideas call theirs.
SCHEMES = {"Basic", "token", "JWT", "cookie", "OAuth"}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The text of that document in every combination; nothing else is rendered."""
    texts = []
    for combination in COMBINATIONS:
        folder = Path(tmp_path_factory.mktemp("roadmap"))
        whole = combination.compose()
        only = replace(whole, files={DOCUMENT: whole.files[DOCUMENT]})
        render(only, combination.answers(), folder)
        texts.append((folder / DOCUMENT).read_text("utf-8"))
    return texts


def shows(document: str, number: int) -> bool:
    """Tell whether a step has a command that shows it, and not only a sentence that it is missing."""
    section = re.search(rf"^## {number}\. .*?(?=^## |\Z)", document, re.DOTALL | re.MULTILINE)
    return section is not None and "```console" in section[0]


def test_the_roadmap_has_its_eighteen_steps() -> None:
    assert [step["number"] for step in STEPS] == list(range(1, 19))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step["number"]))
def test_every_step_is_shown_by_an_idea(step: dict[str, object], documents: list[str]) -> None:
    assert any(shows(document, int(str(step["number"]))) for document in documents)


def test_every_way_of_authentication_is_shown_by_an_idea() -> None:
    named = " ".join(CATALOG.idea(name).data["authentication"] for name in CATALOG.ideas)
    assert {scheme for scheme in SCHEMES if re.search(rf"\b{scheme}\b", named)} == SCHEMES
