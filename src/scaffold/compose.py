"""Layers -> one Copier template.

A repository is a pile of layers: what all repositories share, what the chosen options
bring, the parts that the idea uses, the idea, the stack, and the idea's code on that
stack. Two layers that own one path are an error, so a layer can be read and changed
without looking at the others.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scaffold.catalog import Catalog
from scaffold.errors import TemplateError
from scaffold.questions import Answers, Questionnaire

SUFFIX = ".jinja"


@dataclass(frozen=True)
class Composition:
    """The files and the data that one repository is rendered from.

    Args:
        questionnaire: All questions.
        files: Path in the repository, with forward slashes, to the layer's file; the
            path has no `.jinja` suffix, the file has one when it must be rendered.
        catalog: What templates see as `catalog`.
        release: What templates see as `scaffold_version`.
    """

    questionnaire: Questionnaire
    files: dict[str, Path]
    catalog: dict[str, Any]
    release: str

    @property
    def hidden(self) -> dict[str, Any]:
        """Values that templates see beside the answers."""
        return {
            **self.questionnaire.hidden,
            "catalog": self.catalog,
            "scaffold_version": self.release,
        }

    def write_template(self, folder: Path) -> None:
        """Write the composition into an empty folder as an ordinary Copier template."""
        declared = self.questionnaire.declared
        # Copier knows the answers of a question only after it: what is not asked comes first.
        first = {
            "catalog": {"type": "yaml", "when": False, "default": self.catalog},
            "scaffold_version": {"type": "str", "when": False, "default": self.release},
            **{name: declared[name] for name in self.questionnaire.hidden},
        }
        declared = first | {name: declared[name] for name in declared if name not in first}
        text = yaml.safe_dump(declared, sort_keys=False, allow_unicode=True)
        (folder / "copier.yml").write_text(text, encoding="utf-8")
        for path, source in self.files.items():
            target = folder / "template" / (path + SUFFIX if source.suffix == SUFFIX else path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def compose(catalog: Catalog, answers: Answers, release: str) -> Composition:
    """Lay the layers that the answers choose over one another.

    Args:
        catalog: Where the layers are.
        answers: Valid answers to all questions.
        release: The version that the templates belong to.

    Raises:
        TemplateError: Two layers own the same path.
    """
    questionnaire = Questionnaire(catalog.folder / "copier.yml")
    files: dict[str, Path] = {}
    for layer in _layers(catalog, questionnaire, answers):
        for path, source in _walk(layer):
            if path in files:
                raise TemplateError(
                    f"Two layers own {path}: {files[path]} and {source}.",
                    "Move what they share into one layer, and what differs into its data.",
                )
            files[path] = source
    return Composition(
        questionnaire=questionnaire,
        files=dict(sorted(files.items())),
        catalog=catalog.context(answers["idea"], answers["stack"]),
        release=release,
    )


def _layers(catalog: Catalog, questionnaire: Questionnaire, answers: Answers) -> Iterator[Path]:
    folder, idea, stack = catalog.folder, answers["idea"], answers["stack"]
    yield folder / "common"
    for name, question in questionnaire.questions.items():
        if question.choices:
            chosen = answers[name] if question.multiple else [answers[name]]
            for value in chosen:
                yield folder / "options" / name / value
    for part in catalog.parts(idea, stack):
        yield folder / "parts" / part / "files"
        yield folder / "stacks" / stack / "parts" / part
    yield folder / "ideas" / idea / "files"
    yield folder / "stacks" / stack / "files"
    yield folder / "stacks" / stack / "ideas" / idea


# What tools leave behind when somebody works inside of a template's folder.
_LEFT_BEHIND = {"__pycache__", ".DS_Store", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv"}


def _walk(folder: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Give every file of a layer, with its path in the repository; no folder gives nothing."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name in _LEFT_BEHIND:
                continue
            if entry.is_dir():
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name.removesuffix(SUFFIX), Path(entry.path)
