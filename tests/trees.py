"""What tests say about folders of files."""

import os
from pathlib import Path


def contents(folder: Path) -> dict[str, tuple[bytes, bool]]:
    """Return every file below a folder: its path to its bytes and whether it is executable.

    Git's own files are left out.
    """
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), os.access(path, os.X_OK))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
