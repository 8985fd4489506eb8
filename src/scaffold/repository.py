"""Git: what `scaffold` asks of it, and nothing else.

Git runs as a program, with the user's own configuration.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scaffold.errors import InputError, ScaffoldError

OLDEST_GIT = (2, 30)
BRANCH = "main"

# `git rev-parse --local-env-vars` of Git 2.51, less the configuration that
# GIT_CONFIG_COUNT and GIT_CONFIG_PARAMETERS carry: that is the user's.
_LOCAL_VARIABLES = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
}


def forget_current_repository() -> None:
    """Take variables like GIT_DIR, which Git sets for its hooks, out of the environment.

    Otherwise Git would work on the repository whose hook started us, whatever folder it
    is told, and so would the Git that Copier runs.
    """
    for name in _LOCAL_VARIABLES:
        os.environ.pop(name, None)


def git(
    folder: Path, *arguments: str, extra: Mapping[str, str] | None = None, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run Git in a folder and return how it ended; never raises for a non-zero exit.

    Args:
        folder: Where to run it.
        arguments: Its arguments; none goes through a shell.
        extra: Environment variables to add.
        given: Text for its standard input.
    """
    environment = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **(extra or {})}
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def require_git() -> None:
    """Make sure that a Git is there which is new enough.

    Raises:
        InputError: There is none, or it is older than OLDEST_GIT.
    """
    remedy = "Install Git from https://git-scm.com, or use --no-git to go without."
    if shutil.which("git") is None:
        raise InputError("Git is not installed.", remedy)
    answer = git(Path.cwd(), "--version").stdout.strip()
    found = re.search(r"(\d+)\.(\d+)", answer)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_GIT:
        wanted = ".".join(map(str, OLDEST_GIT))
        raise InputError(f"Git {wanted} or newer is needed; this is {answer!r}.", remedy)


def enclosing_repository(folder: Path) -> Path | None:
    """Return the work tree that an existing folder lies in, or None."""
    answer = git(folder, "rev-parse", "--show-toplevel")
    return Path(answer.stdout.rstrip("\n")) if answer.returncode == 0 else None


def identity(folder: Path | None = None) -> dict[str, str]:
    """Return the user's own name and e-mail address from Git's configuration.

    Args:
        folder: Where to ask; a repository can have an identity of its own.

    Returns:
        `name` and `email`, each only if it is set.
    """
    if shutil.which("git") is None:
        return {}
    answer = git(folder or Path.cwd(), "config", "--get-regexp", "-z", r"^user\.(name|email)$")
    entries = (entry.partition("\n") for entry in answer.stdout.split("\0") if entry)
    return {key.removeprefix("user."): value for key, _, value in entries if value}


def initialise(folder: Path) -> None:
    """Make a repository on the branch `main` and stage the files that are there already.

    Raises:
        ScaffoldError: Git refused.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    _done(git(folder, "init", "--quiet", f"--initial-branch={BRANCH}"))
    names = "\0".join(path.relative_to(folder).as_posix() for path in files)
    options = ("--force", "--pathspec-from-file=-", "--pathspec-file-nul")
    _done(git(folder, "--literal-pathspecs", "add", *options, given=names))


def commit_all(folder: Path, message: str, name: str, email: str) -> str | None:
    """Stage every file and commit, under the user's own identity.

    Git's own identity comes first; where Git has none, it is the one that the user gave
    as author of the project. The user's global hooks are not run: they are written for
    other repositories.

    Args:
        folder: A repository.
        message: The commit message.
        name: The author's name as answered, or "".
        email: The author's e-mail address as answered, or "".

    Returns:
        None when it is committed; else one line that says why not: all is staged then.

    Raises:
        ScaffoldError: The files could not be staged.
    """
    _done(git(folder, "add", "--all", "--force"))
    configured = identity(folder)
    person = {"name": configured.get("name", name), "email": configured.get("email", email)}
    settings = [f"user.{key}={value}" for key, value in person.items() if value]
    # Without this Git would make up an address from the names of the user and the machine.
    settings += ["user.useConfigOnly=true", f"core.hooksPath={os.devnull}"]
    options = [word for setting in settings for word in ("-c", setting)]
    answer = git(folder, *options, "commit", "--quiet", f"--message={message}")
    if answer.returncode == 0:
        return None
    if not all(person.values()) and "GIT_AUTHOR_NAME" not in os.environ:
        return "Git does not know who you are"
    return (answer.stderr or answer.stdout).strip().splitlines()[-1]


def _done(answer: subprocess.CompletedProcess[str]) -> None:
    if answer.returncode != 0:
        reason = answer.stderr.strip().splitlines() or ["it gave no reason"]
        raise ScaffoldError(
            f"Git failed: {reason[-1]}", "Mend what Git says and run the command again."
        )
