"""`make missing STACK=... [IDEA=...]`: what a stack still lacks.

Shared templates and ideas read a stack's data (`paths`, `proofs`, `commands`, ...) and use parts
whose code a stack brings. This renders all that is not the stack's own, for every idea, and prints
what was asked for in vain. An idea without code is one line; with IDEA the line becomes all that
the idea asks for. It ends with 1 while something is missing.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import ChainableUndefined, Environment, Undefined

from scaffold.catalog import Catalog, merged, read_yaml, templates_folder
from scaffold.compose import SUFFIX
from scaffold.questions import Questionnaire


@dataclass(frozen=True, order=True)
class Gap:
    """Something that a stack lacks.

    Args:
        idea: The idea for which it is missing; "" for every idea.
        what: What it is: `paths.models`, `part redis`, `code`.
        where: A template that needs it, below templates/; "" where none does.
    """

    idea: str
    what: str
    where: str = ""


def missing(catalog: Catalog, stack: str) -> list[Gap]:
    """Return what a stack lacks, compared with what shared templates and ideas use."""
    gaps: set[Gap] = set()
    names = sorted(path.parent.name for path in catalog.folder.glob("ideas/*/idea.yml"))
    for idea in names:
        gaps |= set(_code(catalog, idea, stack)) | set(_data(catalog, idea, stack))
    return sorted(_once(gaps, set(names)))


def _once(gaps: set[Gap], ideas: set[str]) -> set[Gap]:
    """Say what every idea lacks once, without the idea."""
    by_what: dict[str, set[Gap]] = {}
    for gap in gaps:
        by_what.setdefault(gap.what, set()).add(gap)
    found = set()
    for what, same in by_what.items():
        everywhere = len(ideas) > 1 and {gap.idea for gap in same} == ideas and what != "code"
        found |= {Gap("", what, min(gap.where for gap in same))} if everywhere else same
    return found


def _code(catalog: Catalog, idea: str, stack: str) -> Iterator[Gap]:
    own = catalog.folder / "stacks" / stack
    if not (own / "ideas" / idea).is_dir():
        yield Gap(idea, "code", f"stacks/{stack}/ideas/{idea}")
    for part in catalog.idea(idea).data.get("parts", []):
        elsewhere = any(catalog.folder.glob(f"stacks/*/parts/{part}"))
        if elsewhere and not (own / "parts" / part).is_dir():
            yield Gap(idea, f"part {part}", f"stacks/{stack}/parts/{part}")


def _data(catalog: Catalog, idea: str, stack: str) -> Iterator[Gap]:
    """Render the shared templates and the idea's, and give what they did not find."""
    context = _context(catalog, idea, stack)
    questionnaire = Questionnaire(catalog.folder / "copier.yml")
    answers = _answers(questionnaire, idea, stack)
    names = {id(mapping): path for path, mapping in _mappings("", context["stack"])}
    for source in _templates(catalog.folder, idea, context["parts"]):
        asked: set[str] = set()
        environment = _environment(questionnaire, names, asked)
        text = source.read_text(encoding="utf-8")
        values = {**questionnaire.hidden, **answers, "catalog": context}
        environment.from_string(text).render(values, _copier_answers={}, scaffold_version="0")
        for what in asked:
            yield Gap(idea, what, source.relative_to(catalog.folder).as_posix())


def _context(catalog: Catalog, idea: str, stack: str) -> dict[str, Any]:
    """Return what templates see, also where the stack has no code for the idea yet."""
    own = catalog.folder / "stacks" / stack
    files = [own / "ideas" / f"{idea}.yml"]
    on_stack = read_yaml(files[0]) if files[0].is_file() else {}
    needed = [*catalog.idea(idea).data.get("parts", []), *on_stack.get("parts", [])]
    parts = list(dict.fromkeys(needed))
    shared = [catalog.folder / "parts" / part / "part.yml" for part in parts]
    files = [*(own / "parts" / f"{part}.yml" for part in parts), *files]
    idea_data: dict[str, Any] = reduce(
        merged, [read_yaml(path) for path in shared if path.is_file()], {}
    )
    over = [read_yaml(path) for path in files if path.is_file()]
    return {
        "idea": merged(idea_data, catalog.idea(idea).data),
        "stack": reduce(merged, over, catalog.stack(stack).data),
        "parts": parts,
        **read_yaml(catalog.folder / "pins.yml"),
        **read_yaml(catalog.folder / "roadmap.yml"),
    }


def _answers(questionnaire: Questionnaire, idea: str, stack: str) -> dict[str, Any]:
    """Return answers by which every optional passage is rendered."""
    given: dict[str, Any] = {"idea": idea, "stack": stack, "author_name": "A", "author_email": ""}
    for name, question in questionnaire.questions.items():
        if question.choices:
            values = list(question.choices.values())
            given[name] = values if question.multiple else values[0]
        else:
            given.setdefault(name, "demo")
    return given


def _templates(folder: Path, idea: str, parts: list[str]) -> Iterator[Path]:
    layers = [
        "common",
        "options",
        f"ideas/{idea}/files",
        *(f"parts/{part}/files" for part in parts),
    ]
    for layer in layers:
        yield from sorted((folder / layer).rglob(f"*{SUFFIX}"))


def _mappings(path: str, value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every mapping of the stack's data with the path that leads to it."""
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            yield from _mappings(f"{path}.{key}" if path else str(key), item)


class _Missing(ChainableUndefined):
    """Stands in for what is not there, and says so when it is used; a default is no use."""

    used: ClassVar[Callable[[object, str], None]]

    def _note(self, *_: Any) -> Any:
        type(self).used(self._undefined_obj, str(self._undefined_name))
        return self

    __call__ = __getitem__ = _note

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(name) if name.startswith("_") else self._note()

    def __str__(self) -> str:
        self._note()
        return "missing"

    def __add__(self, other: Any) -> Any:
        self._note()
        return other

    __radd__ = __add__

    def __iter__(self) -> Iterator[Any]:
        self._note()
        return iter(())


def _environment(
    questionnaire: Questionnaire, names: Mapping[int, str], asked: set[str]
) -> Environment:
    """Return an environment which notes what it looks for in the named mappings in vain."""

    def note(place: object, key: str) -> None:
        if id(place) in names:
            asked.add(f"{names[id(place)]}.{key}".lstrip("."))

    extensions = [
        "jinja2_ansible_filters.AnsibleCoreFiltersExtension",
        *questionnaire.settings.get("_jinja_extensions", []),
    ]
    undefined = type("Missing", (_Missing,), {"used": staticmethod(note)})
    # Text for people to read: nothing of it is a page of HTML.
    environment = Environment(undefined=undefined, extensions=extensions, autoescape=False)  # noqa: S701
    for name in ("to_json", "to_nice_yaml", "quoted", "markdown"):
        environment.filters[name] = _tolerant(environment.filters[name])
    environment.filters["tojson"] = environment.filters["to_json"]
    return environment


def _tolerant(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that takes what is missing for text."""

    def apply(value: Any, *rest: Any, **named: Any) -> Any:
        text = str(value) if isinstance(value, Undefined) else value
        return original(text, *rest, **named)

    return apply


def main(arguments: list[str]) -> int:
    """Print what the named stack lacks, of one idea if it is named, too."""
    catalog = Catalog(templates_folder())
    stack, idea, rest = (*arguments, "", "", "")[:3]
    if rest or stack not in catalog.stacks or not _is_idea(catalog, idea):
        sys.stderr.write(f"usage: python -m dev.missing {{{','.join(catalog.stacks)}}} [idea]\n")
        return 2
    gaps = [gap for gap in missing(catalog, stack) if not idea or gap.idea in {"", idea}]
    absent = {gap.idea for gap in gaps if gap.what == "code" and not idea}
    for gap in gaps:
        if gap.idea not in absent:
            place = f"  ({gap.where})" if gap.where else ""
            sys.stdout.write(f"{gap.idea or 'every idea':<12} {gap.what}{place}\n")
    for name in sorted(absent):
        needs = sum(gap.idea == name for gap in gaps) - 1
        details = f"; `make missing STACK={stack} IDEA={name}` lists {needs} more" if needs else ""
        sys.stdout.write(f"{name:<12} code  (stacks/{stack}/ideas/{name}){details}\n")
    if not gaps:
        sys.stdout.write("Nothing is missing.\n")
    return 1 if gaps else 0


def _is_idea(catalog: Catalog, name: str) -> bool:
    return not name or (catalog.folder / "ideas" / name / "idea.yml").is_file()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
