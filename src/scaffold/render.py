"""Template + answers -> tree. The only module that imports Copier.

Copier renders what has a variable part. Files without one are copied as they are, which
gives the same bytes (a test holds the two together) without Copier looking at each.
"""

import json
import shutil
import tempfile
import traceback
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
        TemplateError: A template is wrong; the error says where.
        OSError: A file cannot be written.
    """
    destination.mkdir(parents=True, exist_ok=True)
    copy_plain(composition, destination)
    render_templated(composition, answers, destination)


def copy_plain(composition: Composition, destination: Path) -> None:
    """Copy the files that have no variable part; see `render`."""
    for path, source in composition.files.items():
        if source.suffix != SUFFIX:
            target = destination / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def render_templated(composition: Composition, answers: Answers, destination: Path) -> None:
    """Render the files that have a variable part; see `render`."""
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        _write_part(Path(folder), composition)
        _copy(Path(folder), {**answers, **composition.hidden}, destination)


def _write_part(folder: Path, composition: Composition) -> None:
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
    for path, source in composition.files.items():
        if source.suffix == SUFFIX:
            target = folder / "template" / (path + SUFFIX)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def _copy(template: Path, data: Answers, destination: Path) -> None:
    from copier import Settings, run_copy
    from plumbum import local

    try:
        # Copier would ask Git, which it finds through plumbum, about every file that it
        # writes. What is rendered must not depend on Git, so it finds none.
        with local.env(PATH=""):
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
    except OSError:
        raise
    except Exception as error:  # a template can fail in any way that Python can
        raise TemplateError(
            f"{_place(error, template)}: {error}.",
            "This is a bug in scaffold's templates; please report it.",
        ) from error


def _place(error: Exception, template: Path) -> str:
    """Return the file and line of the template that an error came from."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if frame.filename.endswith(SUFFIX):
            path = frame.filename.removeprefix(f"{template}/template/")
            return f"{path}, line {frame.lineno}"
    return "A template is wrong"
