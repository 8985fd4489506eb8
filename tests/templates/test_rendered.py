"""Every combination, rendered and looked at without being built (DESIGN.md, Testing, 2)."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from markdown_it import MarkdownIt
from pytest_copie.plugin import Copie

from scaffold.render import render
from tests.combinations import COMBINATIONS, RENDERED, Combination
from tests.toy import CHECKOUT
from tests.trees import contents

NASTY = {
    "project_name": "\"; rm -rf / # {{ 7*7 }} </script> 'שלום' \N{PILE OF POO}",
    "description": "`id` $(id) ${HOME} {% raw %} <b>&amp;</b> | [x](y) *a* _b_ \\",
    "author_name": 'Ada "A" {{ 7*7 }} \\ `x`',
}
ACTIONLINT = CHECKOUT / ".cache" / "bin" / "actionlint"  # made by `make tools`


def tool(name: str) -> str:
    """Return the path of a program that came with the development dependencies."""
    return str(Path(sys.executable).with_name(name))


@pytest.fixture(
    scope="module",
    params=RENDERED,
    ids=lambda param: f"{param[0]}-{'-'.join(map(str, param[1].values()))}",
)
def repository(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered repository."""
    combination, options = request.param
    folder = tmp_path_factory.mktemp("rendered")
    render(combination.compose(**options), combination.answers(**options), folder)
    return Path(folder)


@pytest.fixture
def files(repository: Path) -> list[Path]:
    """Its files."""
    return [path for path in sorted(repository.rglob("*")) if path.is_file()]


def passes(repository: Path, *command: str) -> None:
    """Run a linter and show what it says if it does not pass."""
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_template_syntax_is_left(repository: Path, files: list[Path]) -> None:
    """`${{ }}` is GitHub's; a file that is copied as it is may hold what it likes."""
    combination = answers_of(repository)
    composition = Combination(combination["idea"], combination["stack"]).compose(
        **{name: combination[name] for name in ("license", "code_host", "deploy")}
    )
    templated = {path for path, source in composition.files.items() if source.suffix == ".jinja"}
    for path in files:
        if path.relative_to(repository).as_posix() in templated:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<!\$)\{\{|\{%|\{#", text), path


def answers_of(repository: Path) -> dict[str, Any]:
    text = (repository / ".copier-answers.yml").read_text(encoding="utf-8")
    stored: dict[str, Any] = yaml.safe_load(text)
    return stored


def parse_all(repository: Path) -> dict[str, Any]:
    """Parse every YAML, JSON and TOML file below a folder; path to its documents."""
    parsers: dict[str, Callable[[str], Any]] = {
        ".yml": lambda text: list(yaml.safe_load_all(text)),
        ".yaml": lambda text: list(yaml.safe_load_all(text)),
        ".json": json.loads,
        ".toml": tomllib.loads,
    }
    return {
        path.relative_to(repository).as_posix(): parsers[path.suffix](
            path.read_text(encoding="utf-8")
        )
        for path in repository.rglob("*")
        if path.suffix in parsers
    }


def test_every_data_file_parses(repository: Path) -> None:
    assert parse_all(repository)


def test_text_files_end_in_one_line_feed(files: list[Path]) -> None:
    for path in files:
        data = path.read_bytes()
        assert b"\r" not in data, path
        assert not data or (data.endswith(b"\n") and not data.endswith(b"\n\n")), path
        assert not re.search(rb"[ \t]+\n", data) or path.name == "LICENSE", path


def test_names_are_safe_on_every_system(repository: Path, files: list[Path]) -> None:
    names = [path.relative_to(repository).as_posix() for path in files]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9._/-]+", name), name
        assert len(name) < 120
        for part in name.split("/"):
            assert not part.endswith("."), name
            assert part.split(".")[0].lower() not in {"con", "prn", "aux", "nul"}, name


def links(path: Path) -> Iterator[str]:
    """Give the targets of all links and images of a Markdown file."""
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text("utf-8")):
        for child in token.children or []:
            target = child.attrGet("href") or child.attrGet("src")
            if target:
                yield str(target)


def anchors(path: Path) -> set[str]:
    """Return the anchors of a Markdown file's headings, as GitHub makes them."""
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings
    }


def test_links_between_documents_lead_somewhere(files: list[Path]) -> None:
    broken = []
    for path in files:
        if path.suffix != ".md":
            continue
        for link in links(path):
            if re.match(r"[a-z]+:", link):
                continue
            target, _, anchor = link.partition("#")
            where = (path.parent / target).resolve() if target else path
            if not where.exists() or (anchor and anchor not in anchors(where)):
                broken.append(f"{path.name}: {link}")
    assert broken == []


# A code span that can only be a path: it has a slash and a suffix, and no space or sign.
# A test follows as its runner writes it: file::Class::test, or file > test.
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.[a-z]+)(?:(?:::| > )([^`]+))?`")
# Made while the repository is used.
MADE_LATER = re.compile(r"^(data/|~)")


def test_documents_name_files_and_tests_that_exist(repository: Path, files: list[Path]) -> None:
    missing = []
    for path in files:
        if path.suffix != ".md":
            continue
        for name, test in PATH.findall(path.read_text("utf-8")):
            target = repository / name
            if MADE_LATER.match(name) or (path.parent / name).exists():
                continue
            if not target.exists():
                missing.append(f"{path.name}: {name}")
            elif test and not has_test(target.read_text("utf-8"), re.split("::| > ", test)[-1]):
                missing.append(f"{path.name}: {name}::{test}")
    assert missing == []


def has_test(text: str, name: str) -> bool:
    """Tell whether a file has a test, which is named by a function or by a text."""
    return f" {name}(" in text or bool(re.search(rf'"{re.escape(name)}["\s:]', text))


def test_the_answers_are_stored(repository: Path) -> None:
    stored = answers_of(repository)
    combination = Combination(stored["idea"], stored["stack"])
    answers = {name: value for name, value in stored.items() if not name.startswith("_")}
    assert combination.answers(**answers) == answers


class TestLinters:
    """Linters of the field have nothing to say."""

    def test_dockerfile(self, repository: Path) -> None:
        passes(repository, tool("hadolint"), "Dockerfile")

    def test_yaml(self, repository: Path) -> None:
        rules = "{extends: relaxed, rules: {line-length: {max: 140}}}"
        passes(repository, tool("yamllint"), "--strict", "-d", rules, ".")

    def test_shell_scripts(self, repository: Path, files: list[Path]) -> None:
        scripts = [str(path) for path in files if path.read_bytes().startswith(b"#!/")]
        scripts = [path for path in scripts if path.endswith(".sh")]
        if scripts:
            passes(repository, tool("shellcheck"), *scripts)

    def test_workflows_for_errors(self, repository: Path) -> None:
        workflows = sorted(repository.glob(".github/workflows/*.yml"))
        assert workflows
        passes(repository, str(ACTIONLINT), *map(str, workflows))

    def test_workflows_for_security(self, repository: Path) -> None:
        passes(repository, tool("zizmor"), "--offline", "--persona=pedantic", "--quiet", ".")

    def test_kubernetes_manifests(self, repository: Path) -> None:
        manifests = sorted(repository.glob("deploy/kubernetes/*.yaml"))
        assert manifests
        for path in manifests:
            for document in yaml.safe_load_all(path.read_text("utf-8")):
                if document["kind"] != "Kustomization":  # no part of the API's schema
                    kubernetes_validate.validate(document, "1.34", strict=True)


@pytest.mark.parametrize("combination", COMBINATIONS, ids=str)
class TestCombination:
    """What holds for a combination whatever the options."""

    def test_the_same_answers_give_the_same_bytes(
        self, combination: Combination, tmp_path: Path
    ) -> None:
        for name in ("one", "two"):
            render(combination.compose(), combination.answers(), tmp_path / name)
        assert contents(tmp_path / "one") == contents(tmp_path / "two")

    def test_copier_makes_the_same_of_the_composed_template(
        self, combination: Combination, tmp_path: Path, copie: Copie
    ) -> None:
        composition, answers = combination.compose(**NASTY), combination.answers(**NASTY)
        render(composition, answers, tmp_path / "rendered")
        (template := tmp_path / "template").mkdir()
        composition.write_template(template)
        made = copie.copy(extra_answers=answers, template_dir=template)
        assert made.exception is None
        assert made.project_dir is not None
        assert contents(made.project_dir) == contents(tmp_path / "rendered")

    def test_what_a_person_types_stays_text(self, combination: Combination, tmp_path: Path) -> None:
        """Wherever such text lands, the file parses, and holds the text where the plain one has it."""
        plain = {"project_name": "PLAINTITLE", "description": "PLAINLINE", "author_name": "PLAINME"}
        for name, texts in (("plain", plain), ("nasty", NASTY)):
            answers = {**texts, "project_slug": "demo", "package_name": "demo"}
            render(combination.compose(**answers), combination.answers(**answers), tmp_path / name)
        before, after = contents(tmp_path / "plain"), contents(tmp_path / "nasty")
        assert before.keys() == after.keys()
        changed = {path for path in before if before[path] != after[path]}
        expected = parse_all(tmp_path / "plain")
        found = parse_all(tmp_path / "nasty")
        replaced = {plain[name]: NASTY[name] for name in plain}
        assert found == substitute(expected, replaced)
        for path in changed - found.keys():
            assert path.endswith(".md") or path == "LICENSE", f"{path} cannot be checked by parsing"
        for path in changed:
            if path.endswith(".md"):
                seen = visible(tmp_path / "nasty" / path)
                assert seen == substitute(visible(tmp_path / "plain" / path), replaced), path
        assert changed >= {"README.md", "LICENSE", ".copier-answers.yml"}


def substitute(value: Any, texts: dict[str, str]) -> Any:
    """Return a value with texts replaced everywhere in it."""
    if isinstance(value, dict):
        return {key: substitute(item, texts) for key, item in value.items()}
    if isinstance(value, list):
        return [substitute(item, texts) for item in value]
    if isinstance(value, str):
        for old, new in texts.items():
            value = value.replace(old, new)
    return value


def visible(path: Path) -> list[str]:
    """Return the text of each block that a Markdown file shows."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(path.read_text())
    return [
        "".join(child.content for child in token.children or []) or token.content
        for token in tokens
        if token.type in {"inline", "fence", "code_block", "html_block"}
    ]


def test_shared_layers_name_no_stack() -> None:
    """What differs between stacks is data: a shared file that names one is wrong."""
    templates = CHECKOUT / "templates"
    words, folders = set(), set()
    for path in templates.glob("stacks/*/stack.yml"):
        data = yaml.safe_load(path.read_text("utf-8"))
        words |= {data["title"], data["language"]}
        folders.add(path.parent.name)
    for path in templates.glob("stacks/**/*.yml"):
        # Data of a stack, of an idea or of a part on it; files/ and code are the stack's own.
        if path.parent.name in {*folders, "ideas", "parts"}:
            words |= set((yaml.safe_load(path.read_text("utf-8")) or {}).get("tools", []))
    # As they are written: "to express something" names no stack, `stack == "express"` does.
    names = "|".join(map(re.escape, sorted(words)))
    pattern = re.compile(rf"""\b({names})\b|["'/]({"|".join(sorted(folders))})["'/]""")
    shared = [*templates.glob("common/**/*"), *templates.glob("options/**/*")]
    shared += [*templates.glob("ideas/**/*"), *templates.glob("parts/**/*")]
    shared += (CHECKOUT / "src").glob("**/*.py")
    found = [
        f"{path.relative_to(CHECKOUT)}: {match[0]}"
        for path in shared
        # Examples may be about anything: films are called Express, too.
        if path.is_file() and path.suffix != ".pyc" and "seeds" not in path.parts
        for match in pattern.finditer(path.read_text("utf-8"))
        if not (path.suffix == ".py" and match[0] == "Python")  # the tool's own
    ]
    assert found == []


def test_every_image_and_action_is_named_once() -> None:
    templates = CHECKOUT / "templates"
    pins = yaml.safe_load((templates / "pins.yml").read_text("utf-8"))
    names = [*pins["images"].values()]
    names += [action["uses"].partition("@")[0] + "@" for action in pins["actions"].values()]
    for path in templates.rglob("*"):
        if path.is_file() and path.name != "pins.yml":
            text = path.read_text("utf-8")
            assert [name for name in names if name in text] == [], path


def test_every_action_is_pinned_by_commit() -> None:
    pins = yaml.safe_load((CHECKOUT / "templates/pins.yml").read_text("utf-8"))
    for action in pins["actions"].values():
        assert re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", action["uses"])
        assert re.fullmatch(r"v\d+\.\d+\.\d+", action["release"])


def test_no_lock_file_is_in_a_template() -> None:
    locks = {"uv.lock", "package-lock.json", "poetry.lock", "Gemfile.lock", "composer.lock"}
    assert not [p for p in (CHECKOUT / "templates").rglob("*") if p.name in locks]


def test_the_tools_are_there() -> None:
    """A linter that is missing must not look like one that found nothing."""
    for name in ("hadolint", "yamllint", "shellcheck", "zizmor"):
        assert Path(tool(name)).exists(), name
    assert ACTIONLINT.exists()
