"""Runs a stack's own command lines, without a shell."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LOCK_SECONDS = 300


def lock(stack: Mapping[str, Any], folder: Path, *, keep: bool = False) -> list[str]:
    """Run a stack's lock commands in a repository.

    Args:
        stack: The stack's data.
        folder: The repository.
        keep: Whether lock files that are there stay when the command fails.

    Returns:
        Nothing when it is done; else one line that says why not, and what to do.
    """
    for line in stack["commands"]["lock"]:
        reason = run(line, folder)
        if reason is not None:
            if not keep:
                for name in stack["lock_files"]:
                    (folder / name).unlink(missing_ok=True)
            todo = f"run `{line}` there and commit {' and '.join(stack['lock_files'])}"
            return [f"The dependencies are not locked yet ({reason}); {todo}."]
    return []


def run(line: str, folder: Path) -> str | None:
    """Run a command line in a folder; return why it failed in one line, or None."""
    program, *arguments = shlex.split(line)
    found = shutil.which(program)
    if found is None:
        return f"{program} is not installed"
    try:
        answer = subprocess.run(
            [found, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=LOCK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"`{line}` took longer than {LOCK_SECONDS} seconds"
    if answer.returncode == 0:
        return None
    lines = [text.strip() for text in answer.stderr.splitlines() if text.strip()]
    # Some tools draw their errors with boxes and arrows.
    return re.sub(r"^\W+", "", lines[-1]) if lines else f"`{line}` failed"
