"""The other commands, and what all commands share."""

import importlib.metadata
import subprocess
import sys

import pytest

from scaffold import __version__
from tests.conftest import Command


def test_version(scaffold: Command) -> None:
    assert scaffold("--version").out == f"scaffold {__version__}\n"
    assert importlib.metadata.version("portfolio-scaffold") == __version__


def test_help_has_an_option_for_every_question(scaffold: Command) -> None:
    options = [row["flag"] for row in scaffold("list", "options", "--json").json]
    shown = scaffold("new", "--help").out
    assert options
    assert [flag for flag in options if f"{flag} " not in shown] == []


def test_list_shows_ideas_stacks_and_options(scaffold: Command) -> None:
    everything = scaffold("list", "--json").json
    assert [idea["name"] for idea in everything["ideas"]] == ["todo", "chat"]
    assert everything["ideas"][1]["stacks"] == ["plain"]
    assert [stack["name"] for stack in everything["stacks"]] == ["fancy", "plain"]
    assert scaffold("list", "ideas", "--json").json == everything["ideas"]
    assert "To-Do List" in scaffold("list", "ideas").out
    assert "Plain files" in scaffold("list").out


def test_show_tells_about_one_idea(scaffold: Command) -> None:
    shown = scaffold("show", "todo").out
    assert "All about To-Do List." in shown
    assert "scaffold new --idea todo" in shown
    assert scaffold("show", "todo", "--json").json["stacks"] == ["fancy", "plain"]
    assert scaffold("show", "tood").code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_scripts(scaffold: Command, shell: str) -> None:
    script = scaffold("completion", shell).out
    assert "_SCAFFOLD_COMPLETE" in script
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_completion_knows_the_catalogue(scaffold: Command) -> None:
    ran = scaffold(
        _SCAFFOLD_COMPLETE="bash_complete",
        COMP_WORDS="scaffold new --idea t",
        COMP_CWORD="3",
    )
    assert "todo" in ran.out


@pytest.mark.parametrize("arguments", [("frobnicate",), ("list", "nonsense"), ("show",)])
def test_wrong_usage_is_two_lines_and_exit_code_2(
    scaffold: Command, arguments: tuple[str, ...]
) -> None:
    ran = scaffold(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.strip().splitlines()) == 2


def test_a_reader_that_leaves_is_no_traceback(scaffold: Command) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m scaffold list --json | true"],
        env=scaffold.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_help_loads_nothing_slow(scaffold: Command) -> None:
    """What `--help` imports is what it costs: no Copier, no YAML, no templates, no rich."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scaffold", "--help"],
        env=scaffold.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "click" in loaded
    assert not {"copier", "jinja2", "questionary", "rich", "yaml"} & loaded
