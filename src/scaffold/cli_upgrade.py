"""`scaffold upgrade` and `scaffold status`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold import screen

if TYPE_CHECKING:
    from scaffold.catalog import Catalog
    from scaffold.questions import Answer, Answers, Questionnaire
    from scaffold.upgrade import Upgraded

EXIT_CODES = """\b
Exit codes: 0 done, 1 failed, 2 wrong input or state, 3 conflicts are waiting.
"""


@click.command(epilog=EXIT_CODES)
@click.argument("path", required=False, default=".")
@click.option("--to", metavar="VERSION", help="The release to upgrade to (default: the newest).")
@click.option("--dry-run", is_flag=True, help="Show what would happen and change nothing.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change an answer.")
@click.option("--defaults", is_flag=True, help="Ask nothing: new questions get their defaults.")
@click.option("--branch", metavar="NAME", help="Branch to make [scaffold/upgrade-VERSION].")
@click.option("--in-place", is_flag=True, help="Move the current branch, make no other.")
@click.option("--continue", "go_on", is_flag=True, help="Go on when conflicts are resolved.")
@click.option("--abort", is_flag=True, help="Go back to before an upgrade with conflicts.")
@click.option("--json", "as_json", is_flag=True, help="Ask nothing; print the result as JSON.")
def upgrade(
    path: str,
    to: str | None,
    settings: tuple[str, ...],
    branch: str | None,
    *,
    dry_run: bool,
    defaults: bool,
    in_place: bool,
    go_on: bool,
    abort: bool,
    as_json: bool,
) -> None:
    """Bring a newer release, or changed answers, into the repository at PATH.

    The result is one commit on a new branch; the work tree is not touched unless there
    are conflicts or --in-place is given.
    """
    from scaffold import repository
    from scaffold import upgrade as upgrading
    from scaffold.questions import key_values
    from scaffold.releases import releases

    if go_on + abort > 1 or (branch and in_place):
        raise click.UsageError("These options exclude each other.")
    repository.forget_current_repository()
    folder = Path(path).expanduser().absolute()
    if abort:
        root = upgrading.abort(folder)
        if as_json:
            screen.as_json({"root": str(root)})
        else:
            click.echo(f"{root} is as it was before the upgrade.")
        return
    if go_on:
        _report(upgrading.resume(releases(), folder), dry_run=False, as_json=as_json)
        return
    spec = upgrading.UpgradeSpec(folder, to, key_values(settings), branch, in_place, dry_run)
    quiet = defaults or as_json or not screen.in_terminal()
    ask = upgrading.resolve_quietly if quiet else _ask
    try:
        upgraded = upgrading.upgrade(releases(), spec, ask)
    except upgrading.ConflictError as error:
        _report(error.upgraded, dry_run=False, as_json=as_json)
        if as_json:  # one document, which holds the conflicts
            raise SystemExit(error.exit_code) from error
        raise
    _report(upgraded, dry_run=dry_run, as_json=as_json)


def _ask(questionnaire: Questionnaire, catalog: Catalog, given: dict[str, Answer]) -> Answers:
    """Ask for what the new release wants to know and the stored answers do not tell."""
    from scaffold.wizard import Wizard

    return Wizard(questionnaire, catalog, given).fill()


def _report(upgraded: Upgraded, *, dry_run: bool, as_json: bool) -> None:
    from scaffold.releases import changelog

    news = changelog(upgraded.before, upgraded.after)
    data = {
        "root": str(upgraded.root),
        "before": upgraded.before,
        "after": upgraded.after,
        "upToDate": upgraded.up_to_date,
        "branch": upgraded.branch,
        "files": upgraded.files,
        "conflicts": upgraded.conflicts,
        "notes": upgraded.notes,
        "changelog": news,
    }
    if as_json:
        screen.as_json(data)
        return
    if upgraded.up_to_date:
        click.echo(f"{upgraded.root} is up to date: release {upgraded.after}.")
        return
    cells = [
        (kind, path, upgraded.conflicts.get(path, ""))
        for kind, paths in upgraded.files.items()
        for path in paths
    ]
    if cells:
        screen.rows(cells)
    if news:
        click.echo(f"\n{news}")
    for note in upgraded.notes:
        screen.note(note)
    click.echo(_closing(upgraded, dry_run=dry_run))


def _closing(upgraded: Upgraded, *, dry_run: bool) -> str:
    """Say where the result is and what to do with it."""
    if dry_run:
        end = " There would be conflicts." if upgraded.conflicts else ""
        return f"\nNothing was changed.{end}"
    if upgraded.conflicts:
        return ""
    if not upgraded.branch:
        return f"\nThe current branch has release {upgraded.after} now, in one commit."
    return (
        f"\nOne commit with release {upgraded.after} is on the branch {upgraded.branch}:\n"
        f"  git switch {upgraded.branch}    look at it, run the tests\n"
        f"  git merge {upgraded.branch}     take it, from your own branch"
    )


@click.command()
@click.argument("path", required=False, default=".")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(path: str, *, as_json: bool) -> None:
    """Show the release of the repository at PATH, and who changed what since."""
    from scaffold import repository
    from scaffold.releases import releases
    from scaffold.upgrade import compare

    repository.forget_current_repository()
    found = compare(releases(), Path(path).expanduser().absolute())
    if as_json:
        screen.as_json(
            {
                "root": str(found.root),
                "release": found.release,
                "newest": found.newest,
                "yours": found.yours,
                "theirs": found.theirs,
                "both": found.both,
            }
        )
        return
    newer = "the newest" if found.release == found.newest else f"{found.newest} is the newest"
    click.echo(f"{found.root}: release {found.release} ({newer})")
    cells = [
        (word, name)
        for word, names in (
            ("yours", found.yours),
            (f"in {found.newest}", found.theirs),
            ("both", found.both),
        )
        for name in names
    ]
    if cells:
        screen.rows(cells)
    else:
        click.echo("Every file is as the template made it.")
