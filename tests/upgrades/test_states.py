"""Which states of a repository an upgrade accepts, and in which it leaves one."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scaffold.errors import InputError
from scaffold.releases import Releases
from scaffold.upgrade import ConflictError, UpgradeSpec, abort, compare, resume, upgrade
from tests import toy
from tests.conftest import Command
from tests.trees import contents
from tests.upgrades.scenarios import MINE, THEIRS, Scenario, move, text, write
from tests.upgrades.tools import NEW, OLD, commit, git, start, two_releases

PLAIN = Scenario("plain", theirs=[write("a.txt", THEIRS), write("new.txt", "new\n")])
CLASH = Scenario(
    "clash",
    theirs=[write("a.txt", text(l2="theirs")), write("new.txt", "new\n")],
    mine=[write("a.txt", MINE), write("mine.txt", "MINE\n")],
)
BRANCH = f"scaffold/upgrade-{NEW}"


@dataclass(frozen=True)
class Case:
    """A repository of the old release, and the releases."""

    releases: Releases
    path: Path

    def upgrade(self, **options: object) -> object:
        """Upgrade it."""
        return upgrade(self.releases, UpgradeSpec(self.path, **options))  # type: ignore[arg-type]

    @property
    def state(self) -> tuple[str, ...]:
        """Head, branch, index, work tree and what Git thinks of them."""
        return (
            git(self.path, "rev-parse", "HEAD"),
            git(self.path, "rev-parse", "--symbolic-full-name", "HEAD"),
            git(self.path, "ls-files", "--stage"),
            git(self.path, "status", "--porcelain"),
            str(sorted(contents(self.path).items())),
        )


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A repository that upgrades without conflicts."""
    releases = two_releases(PLAIN, tmp_path)
    return Case(releases, start(releases, PLAIN, tmp_path / "demo"))


@pytest.fixture
def clash(tmp_path: Path) -> Case:
    """A repository that does not."""
    releases = two_releases(CLASH, tmp_path)
    return Case(releases, start(releases, CLASH, tmp_path / "demo"))


def everything(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, Git's too."""
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_result_is_one_commit_on_a_new_branch(case: Case) -> None:
    before = case.state
    case.upgrade()
    assert case.state == before
    assert git(case.path, "rev-list", "--count", f"main..{BRANCH}") == "1"
    assert git(case.path, "show", f"{BRANCH}:new.txt") == "new"
    assert git(case.path, "log", "-1", "--format=%an %cn", BRANCH) == "Ada Lovelace Ada Lovelace"
    assert f'_commit: "{NEW}"' in git(case.path, "show", f"{BRANCH}:.copier-answers.yml")


def test_in_place_moves_the_current_branch(case: Case) -> None:
    case.upgrade(in_place=True)
    assert git(case.path, "rev-list", "--count", "main") == "2"
    assert (case.path / "new.txt").read_text() == "new\n"
    assert git(case.path, "branch", "--format=%(refname:short)") == "main"
    assert git(case.path, "status", "--porcelain") == ""


def test_another_name_for_the_branch(case: Case) -> None:
    case.upgrade(branch="topic/upgrade")
    assert git(case.path, "rev-parse", "--verify", "topic/upgrade")


@pytest.mark.parametrize("name", ["case", "clash"])
def test_a_dry_run_changes_not_one_byte(name: str, request: pytest.FixtureRequest) -> None:
    case = request.getfixturevalue(name)
    before = everything(case.path)
    upgraded = case.upgrade(dry_run=True)
    assert everything(case.path) == before
    assert upgraded.files["added"] == ["new.txt"]
    assert bool(upgraded.conflicts) == (name == "clash")


def test_a_rename_is_reported_with_both_names(tmp_path: Path) -> None:
    scenario = Scenario("rename", theirs=[move("a.txt", "b.txt")])
    releases = two_releases(scenario, tmp_path)
    path = start(releases, scenario, tmp_path / "demo")
    upgraded = upgrade(releases, UpgradeSpec(path, dry_run=True))
    assert upgraded.files["renamed"] == ["a.txt -> b.txt"]


def test_a_second_upgrade_finds_nothing_to_do(case: Case) -> None:
    case.upgrade(in_place=True)
    before = everything(case.path)
    assert case.upgrade(in_place=True).up_to_date  # type: ignore[attr-defined]
    assert everything(case.path) == before


def test_a_folder_inside_of_the_repository_will_do(case: Case) -> None:
    upgrade(case.releases, UpgradeSpec(case.path / "docs"))
    assert git(case.path, "rev-parse", "--verify", BRANCH)


class TestRefusals:
    """What is refused leaves every byte as it was, and says the way out."""

    def refused(self, case: Case, said: str, **options: object) -> None:
        before = everything(case.path)
        with pytest.raises(InputError) as raised:
            case.upgrade(**options)
        assert said in raised.value.problem + raised.value.remedy
        assert everything(case.path) == before

    def test_uncommitted_changes(self, case: Case) -> None:
        (case.path / "a.txt").write_text("MINE\n")
        self.refused(case, "git stash")

    def test_a_merge_under_way(self, case: Case) -> None:
        head = git(case.path, "rev-parse", "HEAD")
        (case.path / ".git/MERGE_HEAD").write_text(f"{head}\n")
        self.refused(case, "git merge --abort")

    def test_a_detached_head(self, case: Case) -> None:
        git(case.path, "checkout", "--quiet", "--detach")
        self.refused(case, "git switch main")

    def test_a_branch_that_exists(self, case: Case) -> None:
        git(case.path, "branch", BRANCH)
        self.refused(case, f"git branch -D {BRANCH}")

    def test_a_name_that_no_branch_can_have(self, case: Case) -> None:
        self.refused(case, "no name for a branch", branch="a..b")

    def test_an_unknown_release(self, case: Case) -> None:
        self.refused(case, "1.0.0, 2.0.0", to="1.5.0")

    def test_a_release_newer_than_the_tool(self, case: Case) -> None:
        self.refused(case, "pip install --upgrade", to="3.0.0")

    def test_a_repository_newer_than_the_tool(self, case: Case) -> None:
        stored = case.path / ".copier-answers.yml"
        stored.write_text(stored.read_text().replace(OLD, "3.0.0"))
        commit(case.path, "newer")
        self.refused(case, "newer than this scaffold")

    def test_a_downgrade(self, case: Case) -> None:
        case.upgrade(in_place=True)
        self.refused(case, "git revert", to=OLD)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('license: "MIT"', 'license: "BSD"'),
            ('license: "MIT"\n', ""),
            ('license: "MIT"', 'license: "MIT"\nextra: 1'),
            ('license: "MIT"', "license: ["),
            (f'_commit: "{OLD}"\n', ""),
            ('stack: "plain"', 'stack: "../plain"'),
            ('project_slug: "demo"', 'project_slug: "{{ 7*7 }}"'),
        ],
    )
    def test_answers_that_somebody_broke(self, case: Case, old: str, new: str) -> None:
        stored = case.path / ".copier-answers.yml"
        assert old in stored.read_text()
        stored.write_text(stored.read_text().replace(old, new))
        commit(case.path, "broken")
        self.refused(case, "git log -- .copier-answers.yml")

    def test_a_repository_that_scaffold_did_not_make(self, case: Case) -> None:
        git(case.path, "rm", "--quiet", ".copier-answers.yml")
        commit(case.path, "removed")
        self.refused(case, "was not made by scaffold")

    def test_a_folder_that_is_no_repository(self, case: Case, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="not in a Git repository"):
            upgrade(case.releases, UpgradeSpec(tmp_path / "templates"))

    def test_a_question_that_does_not_exist(self, case: Case) -> None:
        self.refused(case, "no question called 'colour'", given={"colour": "red"})

    def test_an_untracked_file_in_the_way(self, case: Case) -> None:
        (case.path / "new.txt").write_text("MINE\n")
        before = case.state
        with pytest.raises(InputError, match=r"new\.txt"):
            case.upgrade(in_place=True)
        assert case.state == before

    @pytest.mark.parametrize("in_place", [False, True])
    @pytest.mark.parametrize("ignored", [False, True])
    def test_an_untracked_file_in_the_way_of_conflicts(
        self, clash: Case, *, in_place: bool, ignored: bool
    ) -> None:
        (clash.path / "new.txt").write_text("MINE\n")
        if ignored:
            (clash.path / ".git/info/exclude").write_text("new.txt\n")
        before = clash.state
        with pytest.raises(InputError, match=r"new\.txt"):
            clash.upgrade(in_place=in_place)
        assert clash.state == before
        assert git(clash.path, "branch", "--format=%(refname:short)") == "main"

    def test_an_unfinished_upgrade(self, clash: Case) -> None:
        with pytest.raises(ConflictError):
            clash.upgrade()
        self.refused(clash, "--continue")


class TestConflicts:
    """Conflicts wait in the work tree; a person goes on or goes back."""

    def test_they_are_git_s_own(self, clash: Case) -> None:
        with pytest.raises(ConflictError) as raised:
            clash.upgrade()
        assert raised.value.exit_code == 3
        assert raised.value.upgraded.conflicts == {
            "a.txt": "you and the template changed the same lines"
        }
        assert git(clash.path, "symbolic-ref", "--short", "HEAD") == BRANCH
        assert git(clash.path, "diff", "--name-only", "--diff-filter=U") == "a.txt"
        assert "<<<<<<<" in (clash.path / "a.txt").read_text()

    @pytest.mark.parametrize("in_place", [False, True])
    def test_abort_brings_everything_back(self, clash: Case, *, in_place: bool) -> None:
        before = clash.state
        with pytest.raises(ConflictError):
            clash.upgrade(in_place=in_place)
        (clash.path / "a.txt").write_text("half resolved\n")
        abort(clash.path)
        assert clash.state == before
        assert git(clash.path, "branch", "--format=%(refname:short)") == "main"

    @pytest.mark.parametrize("in_place", [False, True])
    def test_continue_makes_the_commit(self, clash: Case, *, in_place: bool) -> None:
        with pytest.raises(ConflictError):
            clash.upgrade(in_place=in_place)
        with pytest.raises(InputError, match=r"a\.txt"):
            resume(clash.releases, clash.path)
        (clash.path / "a.txt").write_text(MINE)
        git(clash.path, "add", "a.txt")
        resume(clash.releases, clash.path)
        branch = "main" if in_place else BRANCH
        assert git(clash.path, "symbolic-ref", "--short", "HEAD") == branch
        assert git(clash.path, "rev-list", "--count", branch) == "3"
        assert git(clash.path, "status", "--porcelain") == ""
        assert compare(clash.releases, clash.path).release == NEW

    def test_git_s_own_continue_will_do(self, clash: Case) -> None:
        with pytest.raises(ConflictError):
            clash.upgrade()
        (clash.path / "a.txt").write_text(MINE)
        git(clash.path, "add", "a.txt")
        git(clash.path, "-c", "core.editor=true", "cherry-pick", "--continue")
        resume(clash.releases, clash.path)
        assert clash.upgrade(in_place=True).up_to_date  # type: ignore[attr-defined]

    @pytest.mark.parametrize("step", [resume, lambda _releases, path: abort(path)])
    def test_there_must_be_an_upgrade(
        self, case: Case, step: Callable[[Releases, Path], object]
    ) -> None:
        with pytest.raises(InputError, match="No upgrade is waiting"):
            step(case.releases, case.path)


class TestElsewhere:
    """Where a repository lies and what its history says does not matter."""

    def upgrades(self, releases: Releases, path: Path) -> None:
        upgrade(releases, UpgradeSpec(path))
        assert git(path, "show", f"{BRANCH}:new.txt") == "new"
        assert git(path, "rev-list", "--count", f"HEAD..{BRANCH}") == "1"

    def test_moved_and_renamed(self, case: Case, tmp_path: Path) -> None:
        path = tmp_path / "other place" / "ünter"
        path.parent.mkdir()
        shutil.move(case.path, path)
        self.upgrades(case.releases, path)

    def test_cloned(self, case: Case, tmp_path: Path) -> None:
        git(tmp_path, "clone", "--quiet", str(case.path), "clone")
        self.upgrades(case.releases, tmp_path / "clone")

    def test_a_shallow_clone(self, case: Case, tmp_path: Path) -> None:
        (case.path / "a.txt").write_text(MINE)
        commit(case.path, "mine")
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{case.path}", "clone")
        self.upgrades(case.releases, tmp_path / "clone")

    def test_squashed_to_one_commit(self, case: Case) -> None:
        git(case.path, "checkout", "--quiet", "--orphan", "squashed")
        commit(case.path, "all of it")
        git(case.path, "branch", "--quiet", "-D", "main")
        self.upgrades(case.releases, case.path)

    def test_a_linked_work_tree(self, case: Case, tmp_path: Path) -> None:
        git(case.path, "worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "tree"))
        self.upgrades(case.releases, tmp_path / "tree")


class TestLock:
    """The lock is made anew where the release changes the manifest."""

    SCENARIO = Scenario(
        "lock",
        base={"stack.lock": "old\n"},
        theirs=[write("manifest.toml.jinja", "description = {{ description | quoted }}\nx = 1\n")],
    )

    def case(self, tmp_path: Path, line: str) -> Case:
        releases = two_releases(self.SCENARIO, tmp_path)
        stack = releases.templates / "stacks/plain/stack.yml"
        data = toy.stack("Plain", line).replace(
            "{application: app.txt}", "{manifest: manifest.toml}"
        )
        stack.write_text(data)
        return Case(releases, start(releases, self.SCENARIO, tmp_path / "demo"))

    def test_it_is_in_the_same_commit(self, tmp_path: Path) -> None:
        case = self.case(tmp_path, "cp manifest.toml stack.lock")
        case.upgrade()
        assert "x = 1" in git(case.path, "show", f"{BRANCH}:stack.lock")
        assert git(case.path, "rev-list", "--count", f"main..{BRANCH}") == "1"

    def test_without_a_network_it_is_a_note(self, tmp_path: Path) -> None:
        case = self.case(tmp_path, "git frobnicate")
        upgraded = case.upgrade()
        assert "git frobnicate" in upgraded.notes[0]  # type: ignore[attr-defined]
        assert git(case.path, "show", f"{BRANCH}:stack.lock") == "old"


def test_status_says_who_changed_what(clash: Case) -> None:
    before = everything(clash.path)
    found = compare(clash.releases, clash.path)
    assert (found.release, found.newest) == (OLD, NEW)
    assert (found.yours, found.both) == (["mine.txt"], ["a.txt"])
    assert found.theirs == [".copier-answers.yml", "new.txt"]
    assert everything(clash.path) == before


def test_copier_update_changes_nothing_and_says_what_to_do(case: Case) -> None:
    before = everything(case.path)
    copier = Path(sys.executable).with_name("copier")
    done = subprocess.run(
        [str(copier), "update", "--defaults", "--trust", str(case.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "use-scaffold-upgrade-instead" in done.stdout + done.stderr
    assert everything(case.path) == before


class TestCommand:
    """The command itself."""

    @pytest.fixture
    def command(self, clash: Case, toy_source: Path) -> Command:
        """The real command, of the new release, for the repository with conflicts."""
        return install(clash, toy_source)

    def test_it_reports_conflicts_with_exit_code_3(self, command: Command) -> None:
        ran = command("upgrade")
        assert ran.code == 3
        assert "you and the template changed the same lines" in ran.out
        assert "Plain words." in ran.out
        assert "scaffold upgrade --abort" in ran.err
        assert command("upgrade", "--abort").code == 0

    def test_json(self, command: Command) -> None:
        ran = command("upgrade", "--dry-run", "--json")
        assert ran.code == 0
        assert ran.json["files"]["conflict"] == ["a.txt"]
        assert command("status", "--json").json["yours"] == ["mine.txt"]

    def test_json_of_conflicts_is_one_document(self, command: Command) -> None:
        ran = command("upgrade", "--json")
        assert ran.code == 3
        assert json.loads(ran.out)["conflicts"]

    @pytest.mark.parametrize("options", [[], ["--in-place"]], ids=["branch", "in place"])
    @pytest.mark.parametrize("name", ["case", "clash"])
    @pytest.mark.parametrize("hundredths", range(30, 130, 20))
    def test_kill_9_at_any_moment(
        self,
        request: pytest.FixtureRequest,
        toy_source: Path,
        hundredths: int,
        name: str,
        options: list[str],
    ) -> None:
        """It is as before, or done, or `--abort` brings it back to before."""
        case: Case = request.getfixturevalue(name)
        command = install(case, toy_source)
        before = case.state
        process = command.start("upgrade", *options)
        try:
            process.communicate(timeout=hundredths / 100)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        if (case.path / ".git/scaffold-upgrade.json").exists():
            ran = command("upgrade", "--abort")
            assert ran.code == 0, ran.err
        if name == "case" and options and case.state != before:
            assert compare(case.releases, case.path).release == NEW
            assert git(case.path, "status", "--porcelain") == ""
        else:
            assert case.state == before


class TestInterrupted:
    """A checkout of a finished commit that was killed in the middle is undone."""

    def test_abort_removes_what_was_written(self, case: Case) -> None:
        before = case.state
        case.upgrade()
        head = git(case.path, "rev-parse", "HEAD")
        entry = {"head": head, "branch": None, "added": ["new.txt"]}
        (case.path / ".git/scaffold-upgrade.json").write_text(json.dumps(entry))
        (case.path / "new.txt").write_text("new\n")
        (case.path / "a.txt").write_text(THEIRS)
        (case.path / ".git/index.lock").touch()
        abort(case.path)
        assert case.state == before


def install(case: Case, source: Path) -> Command:
    """Make the copy of the package the new release, and return its command."""
    root = source.parent
    (source / "scaffold" / "__init__.py").write_text(f'__version__ = "{NEW}"\n')
    shutil.rmtree(root / "templates")
    shutil.copytree(case.releases.templates, root / "templates")
    shutil.copytree(case.releases.snapshots, root / "releases")
    (root / "CHANGELOG.md").write_text(f"# Changelog\n\n## {NEW}\n\nPlain words.\n")
    return Command(source, case.path)
