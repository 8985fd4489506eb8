"""Template + answers -> tree. The only module that imports Copier.

Copier renders what has a variable part. Files without one are copied as they are, which
gives the same bytes (a test holds the two together) without Copier looking at each.
"""

import json
import shutil
import tempfile
from pathlib import Path

from scaffold.compose import SUFFIX, Composition
from scaffold.errors import TemplateError
from scaffold.questions import Answers

ANSWERS_FILE = ".copier-answers.yml"


def render(composition: Composition, answers: Answers, destination: Path) -> None:
    """Write a repository's files, without Git and without locks.

    The same composition and answers give the same bytes on every machine.

    Args:
        composition: What to render.
        answers: Valid answers to all questions.
        destination: An empty or missing folder.

    Raises:
        TemplateError: A template is wrong.
        OSError: A file cannot be written.
    """
    destination.mkdir(parents=True, exist_ok=True)
    templated = {}
    for path, source in composition.files.items():
        if source.suffix == SUFFIX:
            templated[path] = source
        else:
            target = destination / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        _write_part(Path(folder), composition, templated)
        _copy(Path(folder), {**answers, **composition.hidden}, destination)


def _write_part(folder: Path, composition: Composition, templated: dict[str, Path]) -> None:
    """Write the part of the composition that Copier has to see, as a template.

    The answers are validated already, so the questions are only named.
    """
    declared = {
        **composition.questionnaire.settings,
        **{
            name: {"type": "yaml" if question.multiple else "str"}
            for name, question in composition.questionnaire.questions.items()
        },
    }
    (folder / "copier.yml").write_text(json.dumps(declared), encoding="utf-8")
    for path, source in templated.items():
        target = folder / "template" / (path + SUFFIX)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _copy(template: Path, data: Answers, destination: Path) -> None:
    from copier import Settings, run_copy
    from copier.errors import CopierError
    from jinja2 import TemplateError as JinjaError

    try:
        run_copy(
            str(template),
            destination,
            data=data,
            defaults=True,
            overwrite=True,
            quiet=True,
            unsafe=True,  # Copier's word for "may load our own Jinja extension"
            settings=Settings(),  # not the ones in the user's home folder
        )
    except (CopierError, JinjaError) as error:
        where = getattr(error, "filename", None) or ""
        raise TemplateError(
            f"A template is wrong: {error} {where}".rstrip(),
            "This is a bug in scaffold or in the template; please report it.",
        ) from error
