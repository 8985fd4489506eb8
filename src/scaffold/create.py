"""`scaffold new`: from a request to a repository at its place, or to nothing at all.

Everything is made in a sibling of the wanted path and renamed at the end, so that
whatever is killed when, the path holds either nothing or a whole repository.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from scaffold import repository
from scaffold.catalog import Catalog
from scaffold.compose import Composition, compose
from scaffold.errors import InputError, ScaffoldError
from scaffold.locks import lock
from scaffold.questions import Answers
from scaffold.render import copy_plain, render_templated


@dataclass(frozen=True)
class ProjectSpec:
    """What is wanted; nothing between here and the tree on disk reads anything else.

    Args:
        path: Where the repository goes, absolute.
        answers: Valid answers to all questions.
        release: The version of the templates.
        git: Whether to make a Git repository and commit.
        lock: Whether to run the stack's lock command.
    """

    path: Path
    answers: Answers
    release: str
    git: bool = True
    lock: bool = True


@dataclass
class Created:
    """What was made.

    Args:
        path: Where it is.
        files: Paths of the rendered files, with forward slashes.
        notes: What could not be done, and how to do it: one line each.
    """

    path: Path
    files: list[str]
    notes: list[str] = field(default_factory=list)


def check_target(path: Path, *, git: bool) -> None:
    """Make sure that a repository can be made at a path, before anything is asked.

    Args:
        path: Where it would go, absolute.
        git: Whether it would be a Git repository.

    Raises:
        InputError: Something is there, the folder cannot be written to, the path is
            inside another repository, or Git is missing or too old.
    """
    elsewhere = "Choose another path."
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise InputError(f"{path} exists and is not a folder.", elsewhere)
    try:
        if path.is_dir() and any(path.iterdir()):
            raise InputError(
                f"{path} exists and is not empty.", f"{elsewhere[:-1]}, or empty that folder."
            )
        parent = path.parent
        while not parent.exists():
            parent = parent.parent
    except OSError as error:
        raise InputError(f"{path} cannot be used: {error.strerror}.", elsewhere) from error
    if not parent.is_dir():
        raise InputError(f"{parent} is not a folder.", elsewhere)
    if not os.access(parent, os.W_OK | os.X_OK):
        raise InputError(f"You may not write to {parent}.", elsewhere)
    if git:
        repository.require_git()
        around = repository.enclosing_repository(parent)
        if around is not None:
            raise InputError(
                f"{path} is inside another Git repository, {around}.",
                f"{elsewhere[:-1]}, or use --no-git to add the files to that repository.",
            )


def plan(catalog: Catalog, spec: ProjectSpec) -> list[str]:
    """Return the paths of the files that a request would give, without writing anything."""
    return list(compose(catalog, spec.answers, spec.release).files)


def create(
    catalog: Catalog, spec: ProjectSpec, tell: Callable[[str], None] = lambda _: None
) -> Created:
    """Make the repository.

    Args:
        catalog: Where the templates are.
        spec: What is wanted.
        tell: Told what is going on, a few words before each step.

    Raises:
        InputError: The path cannot be used; see `check_target`.
        ScaffoldError: A step failed; nothing is left at the path.
    """
    check_target(spec.path, git=spec.git)
    composition = compose(catalog, spec.answers, spec.release)
    created = Created(spec.path, list(composition.files))
    try:
        with _sibling(spec.path) as folder:
            tell("Writing the files")
            _write(composition, spec, folder)
            if spec.lock:
                tell("Locking the dependencies")
                created.notes += lock(composition.catalog["stack"], folder)
            if spec.git:
                tell("Committing")
                created.notes += _commit(spec, folder)
            _put_in_place(folder, spec.path)
    except OSError as error:
        raise ScaffoldError(
            f"{error.filename or spec.path} could not be written: {error.strerror}.",
            "Nothing was made. Make room or choose another path, then run it again.",
        ) from error
    return created


def _write(composition: Composition, spec: ProjectSpec, folder: Path) -> None:
    """Write all files; Git takes in those that need no rendering while Copier starts."""
    copy_plain(composition, folder)
    with ThreadPoolExecutor(1) as background:
        staged = background.submit(repository.initialise, folder) if spec.git else None
        render_templated(composition, spec.answers, folder)
        if staged:
            staged.result()


@contextmanager
def _sibling(path: Path) -> Iterator[Path]:
    """Give an empty folder beside a path; it is gone afterwards, whatever happens."""
    made = []
    parent = path.parent
    while not parent.exists():
        made.append(parent)
        parent = parent.parent
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.scaffold-", dir=path.parent))
    folder.chmod(0o777 & ~_umask())
    try:
        with _stoppable():
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for parent in made:
            if not any(parent.iterdir()):
                parent.rmdir()


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the stack as Ctrl-C does, so that clean-up runs."""

    def stop(signum: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signum)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {getattr(signal, name): signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _commit(spec: ProjectSpec, folder: Path) -> list[str]:
    """Make the first commit; return a note if that cannot be done."""
    reason = repository.commit_all(
        folder,
        f"feat: start from scaffold {spec.release}",
        name=spec.answers["author_name"],
        email=spec.answers["author_email"],
    )
    if reason is None:
        return []
    who = '`git config --global user.name "Your Name"`'
    where = "`git config --global user.email you@example.com`"
    todo = f"Run {who} and {where}, then `git commit` there."
    return [f"Nothing is committed yet ({reason}); everything is staged. {todo}"]


def _put_in_place(folder: Path, path: Path) -> None:
    """Rename the finished folder to its path, over an empty folder if one is there."""
    if path.is_dir():
        path.rmdir()
    folder.rename(path)
