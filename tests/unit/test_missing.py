"""What a contributor is told about a stack that is not finished."""

from pathlib import Path

import pytest

from dev.missing import Gap, main, missing
from scaffold.catalog import Catalog


def write(catalog: Catalog, path: str, text: str) -> None:
    target = catalog.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def test_a_stack_that_has_everything_lacks_nothing(toy_catalog: Catalog) -> None:
    assert missing(toy_catalog, "plain") == []


def test_ideas_without_code_and_parts_are_named(toy_catalog: Catalog) -> None:
    assert missing(toy_catalog, "fancy") == [
        Gap("chat", "code", "stacks/fancy/ideas/chat"),
        Gap("chat", "part users", "stacks/fancy/parts/users"),
    ]


def test_what_every_idea_needs_is_named_once(toy_catalog: Catalog) -> None:
    write(toy_catalog, "common/use.md.jinja", "{{ catalog.stack.commands.run | join(' ') }}\n")
    assert missing(toy_catalog, "plain") == [Gap("", "commands.run", "common/use.md.jinja")]


def test_what_one_idea_needs_is_named_with_it(toy_catalog: Catalog) -> None:
    text = "{% set paths = catalog.stack.paths %}{{ paths.models }} {{ paths.sockets }}\n"
    write(toy_catalog, "ideas/todo/files/docs/use.md.jinja", text)
    where = "ideas/todo/files/docs/use.md.jinja"
    assert missing(toy_catalog, "plain") == [Gap("todo", "paths.sockets", where)]


def test_a_default_is_nothing_missing(toy_catalog: Catalog) -> None:
    text = "{{ catalog.stack.memory | default(256) }}{{ catalog.stack.get('more', []) | join }}\n"
    write(toy_catalog, "common/use.md.jinja", text)
    assert missing(toy_catalog, "plain") == []


def test_data_may_be_missing_wherever_it_is_used(toy_catalog: Catalog) -> None:
    text = """{% set stack = catalog.stack %}
{% for line in stack.commands.lint + [] %}{{ line }}{% endfor %}
{{ stack.image_commands.start | to_json }} {{ stack.port + 1 }} {{ stack.title | tojson }}
"""
    write(toy_catalog, "common/use.md.jinja", text)
    found = {gap.what for gap in missing(toy_catalog, "plain")}
    assert found == {"commands.lint", "image_commands", "port"}


@pytest.fixture
def toy_templates(toy_catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("dev.missing.templates_folder", lambda: toy_catalog.folder)
    return toy_catalog.folder


@pytest.mark.usefixtures("toy_templates")
class TestCommand:
    """What `make missing` says."""

    def test_an_idea_without_code_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["fancy"]) == 1
        line = "chat         code  (stacks/fancy/ideas/chat); "
        line += "`make missing STACK=fancy IDEA=chat` lists 1 more\n"
        assert capsys.readouterr().out == line

    def test_all_that_one_idea_needs_is_listed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["fancy", "chat"]) == 1
        lines = capsys.readouterr().out.splitlines()
        assert lines == [
            "chat         code  (stacks/fancy/ideas/chat)",
            "chat         part users  (stacks/fancy/parts/users)",
        ]

    def test_gaps_of_ideas_with_code_are_printed(
        self, toy_templates: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        use = toy_templates / "ideas/todo/files/use.md.jinja"
        use.write_text("{{ catalog.stack.paths.sockets }}\n", encoding="utf-8")
        assert main(["plain"]) == 1
        line = "todo         paths.sockets  (ideas/todo/files/use.md.jinja)\n"
        assert capsys.readouterr().out == line

    def test_nothing_missing_is_success(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plain"]) == 0
        assert capsys.readouterr().out == "Nothing is missing.\n"

    def test_an_unknown_stack_is_wrong_usage(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["rails"]) == 2
        assert "fancy,plain" in capsys.readouterr().err

    def test_an_unknown_idea_is_wrong_usage(self) -> None:
        assert main(["plain", "bank"]) == 2
