"""What the folders of a catalogue mean."""

import pytest

from scaffold.catalog import Catalog, merged
from scaffold.errors import InputError, TemplateError


def test_ideas_are_listed_by_level(toy_catalog: Catalog) -> None:
    assert toy_catalog.ideas == ["todo", "chat"]


def test_an_idea_goes_with_the_stacks_that_have_code_for_it(toy_catalog: Catalog) -> None:
    assert toy_catalog.stacks_of("todo") == ["fancy", "plain"]
    assert toy_catalog.stacks_of("chat") == ["plain"]
    assert toy_catalog.ideas_of("fancy") == ["todo"]


def test_an_idea_without_code_is_not_offered(toy_catalog: Catalog) -> None:
    folder = toy_catalog.folder / "ideas" / "lonely"
    folder.mkdir()
    (folder / "idea.yml").write_text("title: Lonely\nlevel: beginner\n")
    assert "lonely" not in toy_catalog.ideas


def test_the_context_lays_the_ideas_data_over_the_stacks(toy_catalog: Catalog) -> None:
    paths = toy_catalog.context("todo", "plain")["stack"]["paths"]
    assert paths == {"application": "app.txt", "models": "todos.txt"}
    assert toy_catalog.context("todo", "fancy")["stack"]["paths"] == {"application": "app.txt"}


def test_parts_bring_data_that_the_idea_overrules(toy_catalog: Catalog) -> None:
    context = toy_catalog.context("chat", "plain")
    assert context["parts"] == ["users", "sockets"]
    assert context["idea"]["environment"] == [{"name": "SECRET_KEY"}]
    assert context["idea"]["level"] == "advanced"
    assert context["stack"]["paths"] == {"application": "app.txt", "users": "users.txt"}
    assert "environment" not in toy_catalog.context("todo", "plain")["idea"]


def test_a_part_that_does_not_exist_is_an_error(toy_catalog: Catalog) -> None:
    (toy_catalog.folder / "stacks/plain/ideas/todo.yml").write_text("parts: [usres]\n")
    with pytest.raises(TemplateError, match="part 'usres', which does not exist"):
        toy_catalog.context("todo", "plain")


@pytest.mark.parametrize("name", ["nope", "", ".", "..", "todo/../chat", "to do"])
def test_an_unknown_name_is_refused(toy_catalog: Catalog, name: str) -> None:
    with pytest.raises(InputError):
        toy_catalog.idea(name)
    with pytest.raises(InputError):
        toy_catalog.stack(name)


def test_broken_data_names_its_file(toy_catalog: Catalog) -> None:
    (toy_catalog.folder / "ideas/todo/idea.yml").write_text("title: [")
    with pytest.raises(TemplateError, match=r"idea\.yml"):
        toy_catalog.idea("todo")


def test_merging_joins_lists_without_repeating_and_replaces_the_rest() -> None:
    base = {"a": {"b": 1, "c": [1]}, "d": 1}
    over = {"a": {"b": 2, "c": [1, 2]}, "e": 3}
    assert merged(base, over) == {"a": {"b": 2, "c": [1, 2]}, "d": 1, "e": 3}
