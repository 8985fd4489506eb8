"""What people read: trees, tables, the spinner, the closing words.

Plain lines go through click, so that `list` and `new` need nothing slow; rich is loaded
only for what it draws.
"""

import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

Tell = Callable[[str], None]


def tree(root: str, files: list[str], *, whole: bool = True) -> None:
    """Print paths as a tree.

    Args:
        root: Name of the folder they are in.
        files: Sorted paths with forward slashes.
        whole: Whether to show what is in folders, or only how many files.
    """
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    drawn = Tree(Text(f"{root}/", style="bold"))
    branches = {"": drawn}

    def branch(folder: str, note: str = "") -> Tree:
        if folder not in branches:
            parent, _, name = folder.rpartition("/")
            label = Text.assemble((f"{name}/", "bold"), (note, "dim"))
            branches[folder] = branch(parent).add(label)
        return branches[folder]

    for file in files:
        top, slash, _ = file.partition("/")
        if slash and not whole:
            inside = sum(other.startswith(f"{top}/") for other in files)
            branch(top, f"  {inside} file{'s' if inside > 1 else ''}")
        else:
            folder, _, name = file.rpartition("/")
            branch(folder).add(Text(name))
    Console().print(drawn)


def summary(answers: Mapping[str, Any], path: Path, files: list[str]) -> None:
    """Print what is about to be made: the answers, and the files in short."""
    click.echo()
    shown = {
        name: ", ".join(answer) if isinstance(answer, list) else answer
        for name, answer in answers.items()
    }
    rows([(name, text or "none") for name, text in shown.items()])
    click.echo()
    tree(path.name, files, whole=False)


def rows(cells: Sequence[tuple[str, ...]]) -> None:
    """Print rows of equal length in aligned columns."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        text = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(f"  {text}".rstrip())


def in_terminal() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def progress(*, quiet: bool) -> Iterator[Tell]:
    """Give a function to tell the steps to; a terminal shows them beside a spinner."""
    if quiet or not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting ...") as status:
        yield lambda step: status.update(f"{step} ...")


def made(title: str, path: Path, count: int, notes: list[str], again: str) -> None:
    """Say what was made, what to do next, and how to make the same again.

    Args:
        title: The idea and the stack.
        path: Where it is.
        count: Number of files.
        notes: What could not be done, and how to do it.
        again: Command line that makes the same.
    """
    click.echo(f"{click.style('Made', fg='green')} {title} in {place(path)} ({count} files).")
    for note in notes:
        click.echo(f"{click.style('Note:', fg='yellow')} {note}")
    click.echo(
        f"\nNext:\n  cd {word(place(path))} && make setup\n  make run\n\nThe same again:\n  {again}"
    )


def note(text: str) -> None:
    """Say what could not be done, and how to do it."""
    click.echo(f"{click.style('Note:', fg='yellow')} {text}")


def place(path: Path) -> str:
    """Return a path as a person here would write it: relative if it is below this folder."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def word(text: str) -> str:
    """Quote text as one word for the shell that people paste it into."""
    if os.name == "nt":
        return f'"{text}"' if " " in text else text
    return shlex.quote(text)


def failure(problem: str, remedy: str) -> None:
    """Say what is wrong and what to do about it."""
    click.echo(f"{click.style('Error:', fg='red')} {problem}\n{remedy}", err=True)


def as_json(data: object) -> None:
    """Print JSON."""
    import json

    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
