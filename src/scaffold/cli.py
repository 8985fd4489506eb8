"""Commands, options and exit codes.

Nothing slow is imported at the top: `--help` answers at once, and every command loads
what it needs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from scaffold import __version__, cli_upgrade, screen
from scaffold.errors import InputError, ScaffoldError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.catalog import Catalog
    from scaffold.create import ProjectSpec
    from scaffold.questions import Answer, Question, Questionnaire

INTERRUPTED = 130


def main() -> None:
    """Run the command line; the only place that prints errors and sets the exit code."""
    try:
        cli.main(prog_name="scaffold", standalone_mode=False)
    except ScaffoldError as error:
        _fail(error.problem, error.remedy, error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "scaffold"
        _fail(error.format_message(), f"`{command} --help` shows what there is.", 2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped; nothing was made.", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of a pipe left; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _fail(problem: str, remedy: str, code: int) -> NoReturn:
    if "--json" in sys.argv:
        screen.as_json({"error": {"problem": problem, "remedy": remedy, "exitCode": code}})
    else:
        screen.failure(problem, remedy)
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="scaffold %(version)s")
def cli() -> None:
    """Turn a project idea and a stack into a repository a professional would be proud of."""


cli.add_command(cli_upgrade.upgrade)
cli.add_command(cli_upgrade.status)


def _catalog() -> Catalog:
    from scaffold.catalog import Catalog, templates_folder

    return Catalog(templates_folder())


def _questionnaire() -> Questionnaire:
    from scaffold.catalog import templates_folder
    from scaffold.questions import Questionnaire

    return Questionnaire(templates_folder() / "copier.yml")


class QuestionCommand(click.Command):
    """A command with one option for every question of `templates/copier.yml`."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters, with the questions' options before --help."""
        *own, help_option = super().get_params(ctx)
        options = [_option(question) for question in _questionnaire().questions.values()]
        return [*own, *options, help_option]


def _option(question: Question) -> click.Option:
    """Turn a question into an option; its value is validated with all other answers."""
    choices = ", ".join(question.choices.values())
    several = " (several: separated by commas)" if question.multiple else ""
    return click.Option(
        [question.flag],
        metavar="CHOICE" if choices else "TEXT",
        help=question.help + (f": {choices}{several}." if choices else "."),
        shell_complete=lambda _ctx, _param, start: _complete(question, start),
    )


def _complete(question: Question, start: str) -> list[str]:
    values = {"idea": _catalog().ideas, "stack": _catalog().stacks}.get(
        question.name, list(question.choices.values())
    )
    return [value for value in values if value.startswith(start)]


@cli.command(cls=QuestionCommand)
@click.argument("path", required=False)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Answer any question.")
@click.option(
    "--answers",
    metavar="FILE",
    help="Answers from a YAML file, such as another repository's .copier-answers.yml.",
)
@click.option("--defaults", is_flag=True, help="Ask nothing; defaults where no option answers.")
@click.option("--dry-run", is_flag=True, help="Show the files and write nothing.")
@click.option("--no-git", is_flag=True, help="Make no Git repository.")
@click.option("--no-lock", is_flag=True, help="Do not lock the dependencies.")
@click.option("--json", "as_json", is_flag=True, help="Ask nothing; print the result as JSON.")
@click.option("--quiet", is_flag=True, help="Ask nothing; print nothing but errors.")
def new(
    path: str | None,
    settings: tuple[str, ...],
    answers: str | None,
    *,
    defaults: bool,
    dry_run: bool,
    no_git: bool,
    no_lock: bool,
    as_json: bool,
    quiet: bool,
    **flags: str | None,
) -> None:
    """Make a repository at PATH (default: a folder named after the project).

    In a terminal it asks for what no option answers; anywhere else it never asks.
    """
    from scaffold import create, repository

    repository.forget_current_repository()
    catalog, questionnaire = _catalog(), _questionnaire()
    given = _given(questionnaire, answers, settings, flags)
    target = Path(path).expanduser().absolute() if path else None
    suggested = _suggested(target) | {
        f"author_{key}": value for key, value in repository.identity().items()
    }

    def check(candidate: Path) -> None:
        if not dry_run:
            create.check_target(candidate, git=not no_git)

    if target:
        check(target)
    if screen.in_terminal() and not (defaults or as_json or quiet):
        from scaffold.wizard import Wizard

        wizard = Wizard(questionnaire, catalog, given, suggested)
        complete, target = wizard.ask(target, check, __version__)
    else:
        complete = questionnaire.resolve(given, suggested, catalog.context)
        target = target or Path.cwd() / complete["project_slug"]
    spec = create.ProjectSpec(target, complete, __version__, git=not no_git, lock=not no_lock)
    result: dict[str, object] = {"path": str(target), "answers": complete}
    if dry_run:
        files = create.plan(catalog, spec)
        if as_json:
            screen.as_json(result | {"files": files})
        elif not quiet:
            screen.tree(target.name, files)
            click.echo(f"\n{len(files)} files; nothing was written.")
        return
    with screen.progress(quiet=quiet or as_json) as tell:
        created = create.create(catalog, spec, tell)
    again = _again(questionnaire, catalog, spec)
    if as_json:
        screen.as_json(result | {"files": created.files, "notes": created.notes, "again": again})
    elif not quiet:
        title = (
            f"{catalog.idea(complete['idea']).title} on {catalog.stack(complete['stack']).title}"
        )
        screen.made(title, target, len(created.files), created.notes, again)


def _given(
    questionnaire: Questionnaire,
    file: str | None,
    settings: tuple[str, ...],
    flags: Mapping[str, str | None],
) -> dict[str, Answer]:
    """Collect the answers that the command line gives: flags over --set over --answers."""
    from scaffold.questions import key_values

    raw = _read_answers(file) if file else {}
    raw |= key_values(settings)
    raw |= {name: value for name, value in flags.items() if value is not None}
    return {name: questionnaire.require(name).parse(value) for name, value in raw.items()}


def _read_answers(file: str) -> dict[str, object]:
    from scaffold.catalog import read_yaml
    from scaffold.errors import TemplateError

    remedy = "Give a YAML file of the form `question: answer`."
    try:
        data = read_yaml(Path(file))
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", remedy) from error
    except (TemplateError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is not a YAML mapping.", remedy) from error
    return {str(name): value for name, value in data.items() if not str(name).startswith("_")}


def _suggested(target: Path | None) -> dict[str, str]:
    """Return the title that the name of the target folder suggests."""
    words = target.name.replace("-", " ").replace("_", " ") if target else ""
    return {"project_name": words.title()} if words else {}


def _again(questionnaire: Questionnaire, catalog: Catalog, spec: ProjectSpec) -> str:
    """Return the one-line command that makes the same repository again."""
    import shlex

    suggested = _suggested(spec.path)
    chosen = {name: spec.answers[name] for name in ("idea", "stack")}
    for name, answer in spec.answers.items():
        # An answer changes the defaults of those after it: only what then differs is given.
        if answer != questionnaire.resolve(chosen, suggested, catalog.context)[name]:
            chosen[name] = answer
    parts = ["scaffold", "new", screen.place(spec.path), "--defaults"]
    for name, answer in chosen.items():
        value = ",".join(answer) if isinstance(answer, list) else answer
        parts.append(f"{questionnaire.questions[name].flag}={value}")
    parts += ["--no-git"] * (not spec.git) + ["--no-lock"] * (not spec.lock)
    return shlex.join(parts)


@cli.command("list")
@click.argument("kind", required=False, type=click.Choice(["ideas", "stacks", "options"]))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(kind: str | None, *, as_json: bool) -> None:
    """Show what there is: ideas, stacks, options (default: all three)."""
    catalog, questionnaire = _catalog(), _questionnaire()
    ideas: list[dict[str, Any]] = [
        {
            "name": name,
            "title": catalog.idea(name).title,
            **{key: catalog.idea(name).data[key] for key in ("level", "authentication", "shows")},
            "stacks": catalog.stacks_of(name),
        }
        for name in catalog.ideas
    ]
    stacks: list[dict[str, Any]] = [
        {
            "name": name,
            "title": catalog.stack(name).title,
            **{key: catalog.stack(name).data[key] for key in ("language", "summary")},
            "ideas": catalog.ideas_of(name),
        }
        for name in catalog.stacks
    ]
    options: list[dict[str, Any]] = [
        {
            "name": question.name,
            "flag": question.flag,
            "help": question.help,
            "choices": list(question.choices.values()),
            "multiple": question.multiple,
        }
        for question in questionnaire.questions.values()
    ]
    if as_json:
        everything = {"ideas": ideas, "stacks": stacks, "options": options}
        screen.as_json(everything[kind] if kind else everything)
        return
    tables: dict[str, list[tuple[str, ...]]] = {
        "ideas": [
            (i["name"], i["title"], i["level"], ", ".join(i["shows"]), ", ".join(i["stacks"]))
            for i in ideas
        ],
        "stacks": [(s["name"], s["title"], s["summary"]) for s in stacks],
        "options": [(o["flag"], o["help"], ", ".join(o["choices"])) for o in options],
    }
    for name in [kind] if kind else tables:
        if not kind:
            click.echo(click.style(name.capitalize(), bold=True))
        screen.rows(tables[name])


def _complete_idea(_ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    return [name for name in _catalog().ideas if name.startswith(start)]


@cli.command()
@click.argument("idea", shell_complete=_complete_idea)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(idea: str, *, as_json: bool) -> None:
    """Show what IDEA is, what it teaches and which stacks make it."""
    catalog = _catalog()
    data, stacks = catalog.idea(idea).data, catalog.stacks_of(idea)
    if as_json:
        screen.as_json({"name": idea, "stacks": stacks, **data})
        return
    click.echo(f"{click.style(data['title'], bold=True)} ({data['level']})\n{data['pitch']}\n")
    screen.rows(
        [
            ("Authentication", data["authentication"]),
            ("Shows", ", ".join(data["shows"])),
            ("Stacks", ", ".join(stacks)),
        ]
    )
    click.echo("\nThe API")
    screen.rows([(row["method"], row["path"], row["does"]) for row in data["api"]])
    click.echo("\nMilestones that make it yours")
    screen.rows([(row["level"], row["title"]) for row in data["milestones"]])
    click.echo(f"\nMake it:\n  scaffold new --idea {idea} --stack {stacks[0]}")


_HOW_TO_USE = {
    "bash": '# In ~/.bashrc: eval "$(scaffold completion bash)"',
    "zsh": '# In ~/.zshrc: eval "$(scaffold completion zsh)"',
    "fish": "# Save as ~/.config/fish/completions/scaffold.fish",
}


@cli.command()
@click.argument("shell", type=click.Choice(list(_HOW_TO_USE)))
def completion(shell: str) -> None:
    """Print the completion script for SHELL; its first line says how to use it."""
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    classes = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    script = classes[shell](cli, {}, "scaffold", "_SCAFFOLD_COMPLETE").source()
    click.echo(f"{_HOW_TO_USE[shell]}\n{script}")
