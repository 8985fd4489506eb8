"""The wizard, answered by key strokes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from scaffold.catalog import Catalog
from scaffold.create import check_target
from scaffold.errors import InputError
from scaffold.questions import Answers, Questionnaire
from scaffold.wizard import Wizard
from tests.conftest import Command

ENTER, SHIFT_TAB, DOWN, CLEAR = "\r", "\x1b[Z", "\x1b[B", "\x15"
# title, slug, package, description, name, e-mail, license, host, deploy
REST = ENTER * 9


@contextmanager
def typed(keys: str) -> Iterator[None]:
    """Give the prompts these key strokes and no screen."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text(keys)
        yield


def run(catalog: Catalog, work: Path, keys: str, **given: Any) -> tuple[Answers, Path]:
    """Run the wizard; `path` among the given is the path."""
    path = given.pop("path", None)
    questionnaire = Questionnaire(catalog.folder / "copier.yml")
    wizard = Wizard(questionnaire, catalog, given, {"author_name": "Ada"})
    with typed(keys):
        return wizard.ask(path, lambda place: check_target(work / place, git=False), "1.2.3")


def test_enter_takes_every_default(toy_catalog: Catalog, work: Path) -> None:
    answers, path = run(toy_catalog, work, ENTER * 2 + REST + ENTER * 2)
    questionnaire = Questionnaire(toy_catalog.folder / "copier.yml")
    assert answers == questionnaire.resolve(
        {"idea": "todo", "stack": "fancy"}, {"author_name": "Ada"}, toy_catalog.context
    )
    assert path.name == "to-do-list"


def test_only_gaps_are_asked(toy_catalog: Catalog, work: Path) -> None:
    keys = CLEAR + "My plan" + REST + ENTER
    answers, path = run(toy_catalog, work, keys, idea="chat", stack="plain", path=work / "x")
    assert (answers["idea"], answers["project_slug"], path) == ("chat", "my-plan", work / "x")


def test_fill_asks_only_what_is_missing(toy_catalog: Catalog) -> None:
    questionnaire = Questionnaire(toy_catalog.folder / "copier.yml")
    known = questionnaire.resolve({"idea": "todo", "stack": "plain"}, {}, toy_catalog.context)
    known.pop("license")
    with typed(DOWN + ENTER):
        answers = Wizard(questionnaire, toy_catalog, known).fill()
    assert answers == {**known, "license": "Apache-2.0"}


def test_shift_tab_goes_back_to_the_question_before(toy_catalog: Catalog, work: Path) -> None:
    back_to_idea = ENTER + SHIFT_TAB
    keys = back_to_idea + DOWN + ENTER + ENTER + REST + ENTER * 2
    answers, _ = run(toy_catalog, work, keys)
    assert (answers["idea"], answers["stack"]) == ("chat", "plain")


def test_an_answer_that_is_not_valid_is_asked_again(toy_catalog: Catalog, work: Path) -> None:
    keys = ENTER * 3 + CLEAR + "Not a slug" + ENTER + CLEAR + "slug" + ENTER * 8 + ENTER * 2
    assert run(toy_catalog, work, keys)[0]["project_slug"] == "slug"


def test_the_summary_leads_back(toy_catalog: Catalog, work: Path) -> None:
    keys = ENTER * 2 + REST + ENTER + DOWN + ENTER + CLEAR + "other" + ENTER + ENTER
    assert run(toy_catalog, work, keys)[1].name == "other"


@pytest.mark.parametrize("leaving", ["\x03", ENTER * 2 + REST + ENTER + DOWN * 2 + ENTER])
def test_leaving_is_an_interrupt(toy_catalog: Catalog, work: Path, leaving: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(toy_catalog, work, leaving)


def test_a_path_in_use_is_asked_again(toy_catalog: Catalog, work: Path) -> None:
    (work / "used").mkdir()
    (work / "used" / "file").touch()
    keys = ENTER * 2 + REST + CLEAR + str(work / "used") + ENTER + "-not" + ENTER + ENTER
    assert run(toy_catalog, work, keys)[1] == work / "used-not"


def test_a_flag_that_is_not_valid_ends_it(toy_catalog: Catalog, work: Path) -> None:
    with pytest.raises(InputError, match="--project-slug"):
        run(toy_catalog, work, ENTER * 20, idea="todo", stack="plain", project_slug="No")


def test_a_person_in_a_terminal_is_asked(scaffold: Command, work: Path) -> None:
    terminal = pexpect.spawn(
        scaffold.line[0],
        [*scaffold.line[1:], "new", "--no-git", "--no-lock"],
        cwd=work,
        env=scaffold.environment({"TERM": "xterm"}),
        encoding="utf-8",
        dimensions=(50, 120),
    )
    terminal.expect_exact("What do you want to build?")
    terminal.expect_exact("All about To-Do List.")
    terminal.send(ENTER)
    terminal.expect_exact("With which stack?")
    terminal.send("\x1b")
    terminal.expect_exact("What do you want to build?")
    terminal.send(ENTER)
    terminal.expect_exact("With which stack?")
    terminal.send(ENTER + REST + ENTER)
    terminal.expect_exact("Make it?")
    assert list(work.iterdir()) == []
    terminal.send(ENTER)
    terminal.expect_exact("The same again:")
    terminal.expect(pexpect.EOF)
    assert (work / "to-do-list" / "todos.txt").is_file()
