"""This project's own documents say what is."""

import re

from scaffold.catalog import Catalog, templates_folder
from tests.toy import CHECKOUT

README = (CHECKOUT / "README.md").read_text("utf-8")
ARCHITECTURE = (CHECKOUT / "docs" / "architecture.md").read_text("utf-8")
CATALOG = Catalog(templates_folder())


def rows(text: str) -> set[tuple[str, ...]]:
    """Return the rows of all tables of a Markdown text."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return {tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines}


def test_the_readme_lists_what_the_catalogue_offers() -> None:
    expected: set[tuple[str, ...]] = set()
    for name in CATALOG.ideas:
        data = CATALOG.idea(name).data
        stacks = ", ".join(CATALOG.stack(stack).title for stack in CATALOG.stacks_of(name))
        title, shows = f"{data['title']} (`{name}`)", ", ".join(data["shows"])
        expected.add((title, data["level"], data["authentication"], shows, stacks))
    for name in CATALOG.stacks:
        stack = CATALOG.stack(name)
        expected.add((f"{stack.title} (`{name}`)", stack.data["summary"]))
    catalogue = {row for row in rows(README) if re.search(r"\(`[\w-]+`\)$", row[0])}
    assert catalogue == expected


def test_the_architecture_names_every_module() -> None:
    modules = {path.name for path in (CHECKOUT / "src/scaffold").glob("*.py")}
    named = set(re.findall(r"^\| `(\w+\.py)` \|", ARCHITECTURE, re.MULTILINE))
    assert named == {name for name in modules if not name.startswith("__")}


def test_the_architecture_names_what_is_in_templates() -> None:
    tree = ARCHITECTURE.split("## The templates")[1].split("```")[1]
    named = set(re.findall(r"^  ([\w.]+)", tree, re.MULTILINE))
    assert named == {path.name for path in (CHECKOUT / "templates").iterdir()}


def test_every_make_target_in_a_document_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    for text in (README, ARCHITECTURE):
        own = re.sub(r"`make (setup|run|up)`", "", text)  # of the generated repository
        assert set(re.findall(r"`make ([a-z-]+)`", own)) <= targets
