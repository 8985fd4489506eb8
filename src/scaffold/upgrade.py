"""`scaffold upgrade`: a newer release into an edited repository.

An upgrade is a cherry-pick. The old release and the new one are rendered, written as two
commits, and the second is picked onto the learner's branch, so Git does what people know:
renames are followed, conflicts are ordinary conflicts. It is tried out on a workbench
first. When it merges, the finished commit is handed over and one reference is made: until
then nothing has changed. When it does not, the same pick is done in the repository, and
a journal in `.git` lets `--continue` and `--abort` find their way.
"""

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from scaffold import repository
from scaffold.catalog import Catalog
from scaffold.errors import InputError, ScaffoldError
from scaffold.locks import lock
from scaffold.project import (
    Project,
    carried_answers,
    read_project,
    render_release,
    stored_answers,
)
from scaffold.questions import Answer, Answers, Questionnaire
from scaffold.releases import Releases, number
from scaffold.repository import git
from scaffold.workbench import PICK, Change, Workbench, options, unmerged

JOURNAL = "scaffold-upgrade.json"
BRANCH = "scaffold/upgrade-{version}"

# What each side of a conflict wants, by Git's two letters (ours, theirs).
WANTS = {
    "UU": "you and the template changed the same lines",
    "AA": "you and the template added it, with other contents",
    "UD": "you changed it; the template removes it",
    "DU": "you removed it; the template changes it",
    "AU": "you moved something here; the template has something else",
    "UA": "the template moves something here; you have something else",
    "DD": "you and the template moved it, to other places",
}


@dataclass(frozen=True)
class UpgradeSpec:
    """What is wanted.

    Args:
        path: A generated repository.
        to: The release to upgrade to, or None for the newest.
        given: Answers to change, or to new questions.
        branch: Branch to make; None: `scaffold/upgrade-<version>`.
        in_place: Whether to move the current branch instead.
        dry_run: Whether to change nothing at all.
    """

    path: Path
    to: str | None = None
    given: dict[str, object] = field(default_factory=dict)
    branch: str | None = None
    in_place: bool = False
    dry_run: bool = False


@dataclass
class Upgraded:
    """What an upgrade did, or would do.

    Args:
        root: The repository.
        before: The release that it had.
        after: The release that it has then.
        files: Kind of change to the paths that it is about; see `KINDS`.
        conflicts: Path to what each side wants.
        branch: The branch with the result, or None where it is the current one.
        notes: What could not be done, and how to do it.
        up_to_date: Whether there was nothing to do.
    """

    root: Path
    before: str
    after: str
    files: dict[str, list[str]]
    conflicts: dict[str, str]
    branch: str | None
    notes: list[str]
    up_to_date: bool = False


class ConflictError(ScaffoldError):
    """Conflicts are waiting in a work tree for a person.

    Args:
        upgraded: What the upgrade did, and where the conflicts are.
    """

    exit_code = 3

    def __init__(self, upgraded: Upgraded) -> None:
        super().__init__(
            "There are conflicts.",
            "Resolve them, `git add` the files, then `scaffold upgrade --continue`; "
            "`scaffold upgrade --abort` goes back to before.",
        )
        self.upgraded = upgraded


KINDS = ("added", "updated", "removed", "renamed", "merged", "conflict", "left alone")

Ask = Callable[[Questionnaire, Catalog, dict[str, Answer]], Answers]


def resolve_quietly(
    questionnaire: Questionnaire, catalog: Catalog, given: dict[str, Answer]
) -> Answers:
    """Take defaults for what is new; the `Ask` of where nobody can be asked."""
    return questionnaire.resolve(given, {}, catalog.context)


def upgrade(releases: Releases, spec: UpgradeSpec, ask: Ask = resolve_quietly) -> Upgraded:
    """Bring a release, or changed answers, into a repository.

    Args:
        releases: The releases that can be rendered.
        spec: What is wanted.
        ask: Completes the answers to the new release's questions.

    Raises:
        InputError: The repository cannot be upgraded as it is; the error says the way out.
        ConflictError: Conflicts are waiting in the work tree.
    """
    project = read_project(spec.path)
    after = spec.to or releases.current
    releases.require(project.release)
    releases.require(after)
    if number(after) < number(project.release):
        raise InputError(
            f"{project.root} has release {project.release}, which is newer than {after}.",
            "Go back with Git: `git revert` the commit of the upgrade.",
        )
    branch = None if spec.in_place else spec.branch or BRANCH.format(version=after)
    require_ready(project, branch, dry_run=spec.dry_run)
    with ExitStack() as stack:
        old = stack.enter_context(releases.catalog(project.release))
        new = stack.enter_context(releases.catalog(after))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scaffold-upgrade-")))
        bench, base, tip = _rendered(project, after, (old, new), folder, spec.given, ask)
        if not bench.changes(base, tip):
            return Upgraded(project.root, project.release, after, {}, {}, None, [], up_to_date=True)
        conflicts = bench.pick(tip)
        notes: list[str] = []
        if not conflicts:
            if not spec.dry_run:
                stack_data = new.context(*_combination(project))["stack"]
                notes = _relock(bench, bench.folder, stack_data, bench.head)
            result = bench("rev-parse", "HEAD")
        else:
            result = tip
        report = Upgraded(
            project.root,
            project.release,
            after,
            _classify(bench, base, tip, None if conflicts else result, conflicts),
            {path: WANTS[letters] for path, letters in conflicts.items()},
            branch,
            notes,
        )
        if spec.dry_run:
            return report
        added = bench.added() if conflicts or not branch else []
        _require_free(project.root, added)
        bench.hand_over(result, base)
        if conflicts:
            _pick_for_real(project, bench, tip, branch, added)
            raise ConflictError(report)
        _deliver(project, result, bench.head, branch, added)
        return report


def _require_free(root: Path, added: list[str]) -> None:
    """Make sure that nothing is where an upgrade adds files.

    So `abort` may remove what is there afterwards: it is the upgrade's. Git itself would
    overwrite files that it ignores.
    """
    taken = [path for path in added if os.path.lexists(root / path)]
    if taken:
        raise InputError(
            f"Files that Git does not track are in the way: {', '.join(taken)}.",
            "Move them, or commit them, then run it again; nothing was changed.",
        )


def _rendered(
    project: Project,
    after: str,
    catalogs: tuple[Catalog, Catalog],
    folder: Path,
    given: dict[str, object],
    ask: Ask,
) -> tuple[Workbench, str, str]:
    """Render both releases and commit them on a workbench.

    Args:
        project: The repository.
        after: The release to go to.
        catalogs: The catalogues of its release and of that one.
        folder: An empty folder to work in.
        given: Answers to change, or to new questions.
        ask: Completes the answers to the new release's questions.

    Returns:
        The workbench, the commit of the old release, and that of the new one on top.
    """
    old, new = catalogs
    answers_before = stored_answers(project, old)
    questionnaire = Questionnaire(new.folder / "copier.yml")
    known = carried_answers(project, questionnaire) | {
        name: questionnaire.require(name).parse(value) for name, value in given.items()
    }
    answers = ask(questionnaire, new, known)
    for part in ("old", "new", "bench"):
        (folder / part).mkdir()
    render_release(old, answers_before, project.release, folder / "old")
    render_release(new, answers, after, folder / "new")
    bench = Workbench(project.root, folder / "bench", _person(project))
    base = bench.commit(folder / "old", f"scaffold {project.release}")
    return bench, base, bench.commit(folder / "new", _message(project, answers, after), base)


def require_ready(project: Project, branch: str | None, *, dry_run: bool) -> None:
    """Make sure that a repository is in a state to be upgraded.

    Raises:
        InputError: An upgrade, merge, rebase or pick is under way, HEAD is detached, there
            are no commits or uncommitted changes, or the branch exists.
    """
    root = project.root
    if journal_path(root).exists():
        raise InputError(
            "An upgrade of this repository is not finished.",
            "Finish it: `scaffold upgrade --continue`, or undo it: `scaffold upgrade --abort`.",
        )
    for name, what in _UNDER_WAY.items():
        if _git_path(root, name).exists():
            raise InputError(
                f"A {what} is under way in {root}.", f"Finish it or abort it: `git {what} --abort`."
            )
    if git(root, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
        raise InputError(f"{root} has no commit yet.", "Commit first: `git add -A; git commit`.")
    if git(root, "symbolic-ref", "--quiet", "HEAD").returncode:
        raise InputError(
            f"{root} is on no branch (detached HEAD).",
            "Go to a branch (`git switch main`) or make one (`git switch -c my-branch`).",
        )
    changed = git(root, "status", "--porcelain", "--untracked-files=no").stdout.splitlines()
    if changed and not dry_run:
        raise InputError(
            f"{root} has uncommitted changes: {changed[0][3:]}{' ...' * (len(changed) > 1)}.",
            "Commit them, or put them aside: `git stash`.",
        )
    if branch and not dry_run:
        if git(root, "check-ref-format", "--branch", branch).returncode:
            raise InputError(f"{branch!r} is no name for a branch.", "Give --branch another name.")
        if not git(root, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}").returncode:
            raise InputError(
                f"The branch {branch} exists.",
                f"Take it (`git merge {branch}`), delete it (`git branch -D {branch}`), "
                "or give --branch another name.",
            )


_UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
}


def _git_path(root: Path, name: str) -> Path:
    answer = git(root, "rev-parse", "--path-format=absolute", "--git-path", name)
    return Path(answer.stdout.rstrip("\n"))


def journal_path(root: Path) -> Path:
    """Return where the journal of an unfinished upgrade is."""
    return _git_path(root, JOURNAL)


def _person(project: Project) -> dict[str, str]:
    """Return the name and e-mail of the commits: Git's, or else the project's author's."""
    person = {
        "name": str(project.stored.get("author_name", "")),
        "email": str(project.stored.get("author_email", "")),
        **repository.identity(project.root),
    }
    if not all(person.values()):
        raise InputError(
            "Git does not know who you are.",
            'Run `git config --global user.name "Your Name"` and '
            "`git config --global user.email you@example.com`.",
        )
    return person


def _message(project: Project, answers: Answers, after: str) -> str:
    changed = sorted(
        name for name, value in answers.items() if project.stored.get(name, value) != value
    )
    if after == project.release:
        return f"chore: change {', '.join(changed)} with scaffold {after}"
    return f"chore: upgrade from scaffold {project.release} to {after}"


def _combination(project: Project) -> tuple[str, str]:
    return project.stored["idea"], project.stored["stack"]


def _relock(run: Callable[..., str], folder: Path, stack: dict[str, Any], head: str) -> list[str]:
    """Lock again where the upgrade changed the manifest; amends its commit.

    Args:
        run: Runs Git in the folder and returns what it printed.
        folder: A work tree whose last commit is the upgrade.
        stack: The stack's data.
        head: The commit before the upgrade.

    Returns:
        Notes: why it could not be locked, and what to do.
    """
    manifest = stack["paths"].get("manifest")
    tracked = run("ls-files", "--", *stack["lock_files"]).splitlines()
    if not manifest or not tracked or not run("diff", "--name-only", head, "HEAD", "--", manifest):
        return []
    notes = lock(stack, folder, keep=True)
    run("add", "--force", *tracked)
    run("commit", "--quiet", "--amend", "--no-edit", "--allow-empty", "--no-verify")
    return notes


def _classify(
    bench: Workbench, base: str, tip: str, result: str | None, conflicts: dict[str, str]
) -> dict[str, list[str]]:
    """Sort the paths that the release changes by what happens to them."""
    files: dict[str, list[str]] = {kind: [] for kind in KINDS}
    mine = {change.before: change for change in bench.changes(base, bench.head)}
    for change in bench.changes(base, tip):
        kind = _kind(bench, change, mine, result, conflicts)
        moved = f"{change.before} -> {change.path}"
        files[kind].append(moved if kind == "renamed" else change.path)
    known = set(files["conflict"])
    files["conflict"] += [path for path in conflicts if path not in known]
    return {kind: sorted(paths) for kind, paths in files.items() if paths}


def _kind(
    bench: Workbench,
    change: Change,
    mine: dict[str, Change],
    result: str | None,
    conflicts: dict[str, str],
) -> str:
    if {change.path, change.before} & conflicts.keys():
        return "conflict"
    touched = mine.get(change.before)
    here = touched.path if touched else change.path
    if touched and result:
        now = {path: bench.blob(result, path) for path in (here, change.path)}
        before = {path: bench.blob(bench.head, path) for path in now}
        if now == before:
            return "left alone"
        return "merged" if touched.kind != "D" else "added"
    return {"A": "added", "D": "removed", "R": "renamed"}.get(
        change.kind, "merged" if touched else "updated"
    )


@dataclass(frozen=True)
class Comparison:
    """Who changed what since a repository was made.

    Args:
        root: The repository.
        release: Its release.
        newest: The newest release.
        yours: Paths that only the learner changed.
        theirs: Paths that only the newest release changes.
        both: Paths that both change.
    """

    root: Path
    release: str
    newest: str
    yours: list[str]
    theirs: list[str]
    both: list[str]


def compare(releases: Releases, path: Path) -> Comparison:
    """Compare a repository's last commit with its release, and with the newest one.

    Raises:
        InputError: It is no repository that can be compared.
    """
    project = read_project(path)
    releases.require(project.release)
    with ExitStack() as stack:
        old = stack.enter_context(releases.catalog(project.release))
        new = stack.enter_context(releases.catalog(releases.current))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scaffold-status-")))
        bench, base, tip = _rendered(
            project, releases.current, (old, new), folder, {}, resolve_quietly
        )
        # Locks are made when a repository is, not by a template.
        locks = set(old.stack(project.stored["stack"]).data["lock_files"])
        mine = {change.path for change in bench.changes(base, bench.head)} - locks
        theirs = {change.path for change in bench.changes(base, tip)}
    return Comparison(
        project.root,
        project.release,
        releases.current,
        yours=sorted(mine - theirs),
        theirs=sorted(theirs - mine),
        both=sorted(mine & theirs),
    )


def _deliver(
    project: Project, result: str, head: str, branch: str | None, added: list[str]
) -> None:
    """Make the finished commit visible, in one step."""
    root = project.root
    if branch:
        # The empty old value lets Git refuse if somebody made the branch meanwhile.
        _must(git(root, "update-ref", f"refs/heads/{branch}", result, ""))
        return
    _write_journal(root, {"head": head, "branch": None, "added": added})
    done = git(root, "merge", "--ff-only", "--quiet", result)
    journal_path(root).unlink()
    if done.returncode:
        raise _refused(done)


def _pick_for_real(
    project: Project, bench: Workbench, tip: str, branch: str | None, added: list[str]
) -> None:
    """Do the pick in the repository, where its conflicts are then waiting."""
    root = project.root
    start = git(root, "symbolic-ref", "--short", "HEAD").stdout.strip()
    entry = {"head": bench.head, "start": start, "branch": branch, "pick": tip, "added": added}
    _write_journal(root, entry)
    if branch:
        _must(git(root, "switch", "--quiet", "--create", branch))
    done = git(root, *options(), "-c", "commit.gpgSign=false", *PICK, tip, extra=bench.person)
    if not unmerged(root):
        abort(root)
        raise _refused(done)


def _refused(done: CompletedProcess[str]) -> InputError:
    return InputError(
        f"Git refused: {' '.join(done.stderr.split())}",
        "Mend what it says, then run it again; nothing was changed.",
    )


def _write_journal(root: Path, entry: dict[str, Any]) -> None:
    path = journal_path(root)
    written = path.with_suffix(".new")
    written.write_text(json.dumps(entry), encoding="utf-8")
    written.replace(path)


def _read_journal(path: Path) -> tuple[Path, dict[str, Any]]:
    root = repository.enclosing_repository(path)
    journal = journal_path(root) if root else None
    if root is None or journal is None or not journal.is_file():
        raise InputError("No upgrade is waiting here.", "Start one: `scaffold upgrade`.")
    entry: dict[str, Any] = json.loads(journal.read_text(encoding="utf-8"))
    return root, entry


def resume(releases: Releases, path: Path) -> Upgraded:
    """Finish an upgrade whose conflicts a person has resolved.

    Raises:
        InputError: No upgrade is waiting, or conflicts are left.
    """
    root, entry = _read_journal(path)
    left = unmerged(root)
    if left:
        names = ", ".join(left)
        raise InputError(
            f"Conflicts are left in {names}.", "Resolve them, `git add` the files, and go on."
        )
    if "pick" not in entry:  # killed while a finished commit was being checked out
        abort(path)
        raise InputError(
            "The upgrade had not begun to change anything.", "Start it again: `scaffold upgrade`."
        )
    if _git_path(root, "CHERRY_PICK_HEAD").exists():
        done = git(root, "-c", "core.editor=true", "cherry-pick", "--continue")
        if done.returncode:
            raise ScaffoldError(
                f"Git refused: {' '.join((done.stderr or done.stdout).split())}",
                "Do what it says, then run `scaffold upgrade --continue` again.",
            )
    project = read_project(root)
    with releases.catalog(project.release) as catalog:
        stack = catalog.context(*_combination(project))["stack"]
        notes = _relock(lambda *words: _must(git(root, *words)), root, stack, entry["head"])
    journal_path(root).unlink()
    return Upgraded(root, "", project.release, {}, {}, entry["branch"], notes)


def abort(path: Path) -> Path:
    """Undo an unfinished upgrade: head, index and work tree are as they were before it.

    Returns:
        The repository.

    Raises:
        InputError: No upgrade is waiting.
    """
    root, entry = _read_journal(path)
    _git_path(root, "index.lock").unlink(missing_ok=True)  # left by a Git that was killed
    if _git_path(root, "CHERRY_PICK_HEAD").exists():
        git(root, "cherry-pick", "--quit")
    _must(git(root, "reset", "--quiet", "--hard", entry["head"]))
    for name in entry["added"]:
        # Where the upgrade made a folder of a file, the file is back already.
        with suppress(FileNotFoundError, NotADirectoryError):
            (root / name).unlink()
    if entry["branch"]:
        _must(git(root, "switch", "--quiet", entry["start"]))
        git(root, "branch", "--quiet", "-D", entry["branch"])
    journal_path(root).unlink()
    return root


def _must(done: CompletedProcess[str]) -> str:
    """Return what Git printed; it must have succeeded."""
    if done.returncode:
        raise ScaffoldError(
            f"Git failed: {' '.join(done.stderr.split())}",
            "`scaffold upgrade --abort` brings everything back.",
        )
    return done.stdout
