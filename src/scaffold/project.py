"""A generated repository: where it is, what it was made from, with which answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold import repository
from scaffold.catalog import Catalog, read_yaml
from scaffold.compose import compose
from scaffold.errors import InputError, TemplateError
from scaffold.questions import Answers, Questionnaire
from scaffold.render import ANSWERS_FILE, render

_RESTORE = f"Restore {ANSWERS_FILE} as scaffold wrote it: `git log -- {ANSWERS_FILE}` finds it."


@dataclass(frozen=True)
class Project:
    """A generated repository.

    Args:
        root: Its work tree.
        release: The version that it was made from, or upgraded to.
        stored: The answers in it, by question name.
    """

    root: Path
    release: str
    stored: dict[str, Any]


def read_project(path: Path) -> Project:
    """Read what a folder was made from.

    Args:
        path: The top folder of a generated repository, or any folder in it.

    Raises:
        InputError: It is no Git repository, or not one that scaffold made.
    """
    repository.require_git()
    if not path.is_dir():
        raise InputError(f"{path} is not a folder.", "Give the path of a repository.")
    root = repository.enclosing_repository(path)
    if root is None:
        raise InputError(
            f"{path} is not in a Git repository.",
            "Give the path of a repository that `scaffold new` made.",
        )
    file = root / ANSWERS_FILE
    if not file.is_file():
        raise InputError(
            f"{root} was not made by scaffold: it has no {ANSWERS_FILE}.",
            "Give the path of a repository that `scaffold new` made, or restore the file.",
        )
    try:
        data = read_yaml(file)
    except (TemplateError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is not valid.", _RESTORE) from error
    release = data.get("_commit")
    if not isinstance(release, str):
        raise InputError(f"{file} names no release (_commit).", _RESTORE)
    stored = {name: value for name, value in data.items() if not name.startswith("_")}
    return Project(root, release, stored)


def stored_answers(project: Project, catalog: Catalog) -> Answers:
    """Return the answers that a repository was rendered with.

    Args:
        project: The repository.
        catalog: The catalogue of its release.

    Raises:
        InputError: The stored answers are not valid any more: somebody edited them.
    """
    questionnaire = Questionnaire(catalog.folder / "copier.yml")
    missing = [name for name in questionnaire.questions if name not in project.stored]
    unknown = [name for name in project.stored if name not in questionnaire.questions]
    if missing or unknown:
        words = f"lacks {', '.join(missing)}" if missing else f"has unknown {', '.join(unknown)}"
        raise InputError(f"{project.root / ANSWERS_FILE} {words}.", _RESTORE)
    try:
        given = {
            name: questionnaire.questions[name].parse(value)
            for name, value in project.stored.items()
        }
        answers = questionnaire.resolve(given, {}, catalog.context)
    except InputError as error:
        message = f"{project.root / ANSWERS_FILE} is not valid: {error.problem}"
        raise InputError(message, _RESTORE) from error
    if answers != project.stored:
        raise InputError(f"{project.root / ANSWERS_FILE} was edited.", _RESTORE)
    return answers


def carried_answers(project: Project, questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the stored answers that a newer questionnaire still asks for.

    A question that a release renames is declared in its copier.yml, `_renamed`, old name
    to new. A choice that a question for several no longer has is left out.
    """
    renamed = questionnaire.settings.get("_renamed", {})
    carried = {}
    for name, value in project.stored.items():
        question = questionnaire.questions.get(renamed.get(name, name))
        if question is None:
            continue
        if question.multiple:
            offered = set(question.choices.values())
            carried[question.name] = [item for item in value if item in offered]
        else:
            carried[question.name] = value
    return carried


def render_release(catalog: Catalog, answers: Answers, release: str, destination: Path) -> None:
    """Render a release's files with answers into an empty folder."""
    render(compose(catalog, answers, release), answers, destination)
