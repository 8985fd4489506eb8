"""The ideas and stacks that exist, and which go together.

Everything here is read from the folders of `templates/`; adding an idea or a stack is
adding a folder. Only what is asked for is read, so the cost of one repository does not
grow with the catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property, reduce
from pathlib import Path
from typing import Any

import yaml

from scaffold.errors import InputError, TemplateError

LEVELS = ("beginner", "intermediate", "advanced")

Data = Mapping[str, Any]


def data_folder(name: str) -> Path:
    """Return a folder of data: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / name
    return installed if installed.exists() else package.parents[1] / name


def templates_folder() -> Path:
    """Return the folder of the current release's templates."""
    return data_folder("templates")


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping; an empty file is an empty mapping.

    Raises:
        TemplateError: The file is not YAML or not a mapping.
    """
    # libyaml's loader is ten times faster; wheels of PyYAML carry it, some builds do not.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {}  # noqa: S506 - safe
    except yaml.YAMLError as error:
        raise TemplateError(f"{path} is not valid YAML: {error}", "Mend the file.") from error
    if not isinstance(data, dict):
        raise TemplateError(f"{path} is not a mapping", "Mend the file.")
    return data


def _read_if_there(path: Path) -> dict[str, Any]:
    """Read a YAML mapping; no file is an empty mapping."""
    return read_yaml(path) if path.is_file() else {}


def merged(base: Any, over: Any) -> Any:
    """Return `over` laid over `base`: mappings merge, lists join, all else is replaced.

    What both lists have stands once: two parts may need the same library.
    """
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        joined = {**base, **over}
        return {
            key: merged(base[key], over[key]) if key in base and key in over else value
            for key, value in joined.items()
        }
    if isinstance(base, list) and isinstance(over, list):
        return base + [item for item in over if item not in base]
    return over


def nearest(word: str, known: list[str]) -> str:
    """Return the sentence that offers the known word nearest to a mistyped one."""
    lowered = {name.lower(): name for name in known}
    near = [lowered[name] for name in get_close_matches(word.lower(), lowered, n=1, cutoff=0.5)]
    choices = f"Choose from: {', '.join(known)}."
    return f"Did you mean {near[0]}? {choices}" if near else choices


@dataclass(frozen=True)
class Entry:
    """An idea or a stack: its folder's name and the data of its YAML file."""

    name: str
    data: Data

    @property
    def title(self) -> str:
        """The name that people read."""
        return str(self.data["title"])


@dataclass(frozen=True)
class Catalog:
    """What the templates in one folder offer.

    Args:
        folder: A templates folder, laid out as docs/architecture.md says.
    """

    folder: Path

    @cached_property
    def stacks(self) -> list[str]:
        """Names of all stacks, sorted."""
        return sorted(path.parent.name for path in self.folder.glob("stacks/*/stack.yml"))

    @cached_property
    def ideas(self) -> list[str]:
        """Names of the ideas that at least one stack has code for, by level, then title."""
        names = {name for stack in self.stacks for name in self.ideas_of(stack)}
        entries = [self.idea(name) for name in names]
        entries.sort(key=lambda entry: (LEVELS.index(entry.data["level"]), entry.title))
        return [entry.name for entry in entries]

    def ideas_of(self, stack: str) -> list[str]:
        """Return the names of the ideas that a stack has code for, sorted."""
        folders = (self.folder / "stacks" / stack / "ideas").glob("*/")
        return sorted(folder.name for folder in folders if self._has_idea(folder.name))

    def stacks_of(self, idea: str) -> list[str]:
        """Return the names of the stacks that have code for an idea, sorted."""
        return [stack for stack in self.stacks if self._has_code(idea, stack)]

    @cache  # noqa: B019 - a catalogue lives as long as the process
    def idea(self, name: str) -> Entry:
        """Return an idea.

        Raises:
            InputError: No idea has this name.
        """
        if not self._has_idea(name):
            raise InputError(f"There is no idea called {name!r}.", nearest(name, self.ideas))
        return Entry(name, read_yaml(self.folder / "ideas" / name / "idea.yml"))

    @cache  # noqa: B019
    def stack(self, name: str) -> Entry:
        """Return a stack.

        Raises:
            InputError: No stack has this name.
        """
        if name not in self.stacks:
            raise InputError(f"There is no stack called {name!r}.", nearest(name, self.stacks))
        return Entry(name, read_yaml(self.folder / "stacks" / name / "stack.yml"))

    def require(self, idea: str, stack: str) -> None:
        """Make sure that an idea and a stack exist and go together.

        Raises:
            InputError: One does not exist, or the stack has no code for the idea.
        """
        title, stack_title = self.idea(idea).title, self.stack(stack).title
        if not self._has_code(idea, stack):
            raise InputError(
                f"{title} cannot be made with {stack_title}: that stack has no code for it.",
                f"{title} is made with: {', '.join(self.stacks_of(idea)) or 'no stack yet'}; "
                f"{stack_title} makes: {', '.join(self.ideas_of(stack)) or 'no idea yet'}.",
            )

    def context(self, idea: str, stack: str) -> dict[str, Any]:
        """Return what templates see as `catalog` for one combination.

        Returns:
            `idea` (laid over the data of its parts), `stack` (with the data of these parts
            and of this idea on it laid over), `parts` (their names), and the files of data
            that all repositories share, each under its own keys.
        """
        self.require(idea, stack)
        own = self.folder / "stacks" / stack
        parts = self.parts(idea, stack)
        shared = [self.folder / "parts" / part / "part.yml" for part in parts]
        idea_data: dict[str, Any] = reduce(merged, map(_read_if_there, shared), {})
        over = [*(own / "parts" / f"{part}.yml" for part in parts), own / "ideas" / f"{idea}.yml"]
        return {
            "idea": merged(idea_data, self.idea(idea).data),
            "stack": reduce(merged, map(_read_if_there, over), self.stack(stack).data),
            "parts": parts,
            **read_yaml(self.folder / "pins.yml"),
            **read_yaml(self.folder / "roadmap.yml"),
        }

    def parts(self, idea: str, stack: str) -> list[str]:
        """Return the names of the parts that an idea uses on a stack, in their order.

        Raises:
            TemplateError: A part has neither files nor data, so its name must be wrong.
        """
        own = self.folder / "stacks" / stack
        on_stack = _read_if_there(own / "ideas" / f"{idea}.yml").get("parts", [])
        parts = list(dict.fromkeys([*self.idea(idea).data.get("parts", []), *on_stack]))
        for part in parts:
            places = [self.folder / "parts" / part, own / "parts" / part]
            if not any(map(Path.is_dir, places)):
                raise TemplateError(
                    f"{idea} on {stack} uses the part {part!r}, which does not exist.",
                    f"Make {places[0]} or {places[1]}, or correct the list `parts`.",
                )
        return parts

    def _has_idea(self, name: str) -> bool:
        return _plain(name) and (self.folder / "ideas" / name / "idea.yml").is_file()

    def _has_code(self, idea: str, stack: str) -> bool:
        return (self.folder / "stacks" / stack / "ideas" / idea).is_dir()


def _plain(name: str) -> bool:
    """Tell whether a name that a person typed can be a folder's name in the catalogue."""
    return name.replace("-", "").isalnum()
