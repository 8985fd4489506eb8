"""Layers become one template, and Copier makes of it what `render` makes."""

from pathlib import Path
from typing import Any

import pytest
from pytest_copie.plugin import Copie

from scaffold.catalog import Catalog
from scaffold.compose import Composition, compose
from scaffold.errors import TemplateError
from scaffold.questions import Questionnaire
from scaffold.render import render
from tests.trees import contents

NASTY = ['"; rm -rf / #', "{{ 7*7 }}", "</script>", "{% raw %}", "יום טוב \N{PILE OF POO}"]


def composed(catalog: Catalog, **given: Any) -> tuple[Composition, dict[str, Any]]:
    questionnaire = Questionnaire(catalog.folder / "copier.yml")
    choice = {"idea": "todo", "stack": "plain", **given}
    answers = questionnaire.resolve(choice, {}, catalog.context)
    return compose(catalog, answers, "1.2.3"), answers


def test_only_the_chosen_layers_are_laid(toy_catalog: Catalog) -> None:
    files = composed(toy_catalog, license="none", deploy=[])[0].files
    assert "todos.txt" in files
    assert not {"LICENSE", "docs/vps.md", "chat.txt", "fancy.txt"} & files.keys()


def test_parts_are_laid_only_where_they_are_used(toy_catalog: Catalog) -> None:
    parts = {"docs/users.md", "users.txt", "sockets.txt"}
    assert parts <= composed(toy_catalog, idea="chat")[0].files.keys()
    assert not parts & composed(toy_catalog)[0].files.keys()


def test_two_layers_may_not_own_one_path(toy_catalog: Catalog) -> None:
    (toy_catalog.folder / "ideas/todo/files/README.md").write_text("mine")
    with pytest.raises(TemplateError, match=r"own README\.md") as raised:
        composed(toy_catalog)
    assert "ideas/todo/files/README.md" in str(raised.value)


def test_what_tools_leave_behind_is_no_part_of_a_layer(toy_catalog: Catalog) -> None:
    cache = toy_catalog.folder / "common" / "__pycache__"
    cache.mkdir()
    (cache / "x.pyc").write_text("")
    assert not any("pyc" in path for path in composed(toy_catalog)[0].files)


def test_the_cost_does_not_grow_with_the_catalogue(
    toy_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the chosen idea's and stack's files are opened."""
    opened = []
    real = Path.read_text

    def spy(self: Path, *args: Any, **kwargs: Any) -> str:
        opened.append(self.relative_to(toy_catalog.folder).as_posix())
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", spy)
    composed(toy_catalog)
    assert not [path for path in opened if "chat" in path or "fancy" in path]


@pytest.mark.parametrize("text", NASTY)
def test_copier_makes_the_same_bytes(
    toy_catalog: Catalog, tmp_path: Path, copie: Copie, text: str
) -> None:
    """The composed template is an ordinary one: `copier copy` gives what `render` gives."""
    composition, answers = composed(toy_catalog, project_name=text, description=text)
    render(composition, answers, tmp_path / "rendered")
    template = tmp_path / "template"
    template.mkdir()
    composition.write_template(template)
    made = copie.copy(extra_answers=answers, template_dir=template)
    assert made.exception is None
    assert made.project_dir is not None
    assert contents(made.project_dir) == contents(tmp_path / "rendered")
    assert made.answers == answers


def test_copier_computes_the_same_defaults(
    toy_catalog: Catalog, tmp_path: Path, copie: Copie
) -> None:
    composition, answers = composed(toy_catalog, project_name="Größe & Co")
    template = tmp_path / "template"
    template.mkdir()
    composition.write_template(template)
    given = {name: answers[name] for name in ("idea", "stack", "project_name")}
    assert copie.copy(extra_answers=given, template_dir=template).answers == answers


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("project_slug", "Not A Slug"),
        ("package_name", "select"),
        ("description", "two\nlines"),
        ("license", "BSD"),
        ("author_email", "nobody"),
    ],
)
def test_copier_refuses_what_we_refuse(
    toy_catalog: Catalog, tmp_path: Path, copie: Copie, name: str, answer: str
) -> None:
    composition, answers = composed(toy_catalog)
    questionnaire = composition.questionnaire
    context = {**answers, **composition.hidden}
    assert questionnaire.problem(questionnaire.questions[name], answer, context)
    template = tmp_path / "template"
    template.mkdir()
    composition.write_template(template)
    made = copie.copy(extra_answers={**answers, name: answer}, template_dir=template)
    assert isinstance(made.exception, Exception)
