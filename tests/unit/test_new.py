"""`scaffold new`, run as a person runs it."""

import resource
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scaffold import __version__
from scaffold.create import check_target
from scaffold.errors import InputError
from tests.conftest import EMAIL, NAME, Command

CHOICE = ("--idea", "todo", "--stack", "plain")
EVERYTHING = {
    ".copier-answers.yml",
    "LICENSE",
    "README.md",
    "app.txt",
    "bin/run",
    "docs/openapi.yaml",
    "docs/vps.md",
    "manifest.toml",
    "plain.txt",
    "settings.yml",
    "todos.txt",
}


def files(folder: Path) -> set[str]:
    """Return the paths of all files below a folder, without Git's own."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def git(folder: Path, *arguments: str) -> str:
    """Return what Git prints."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_makes_every_file_of_every_layer(scaffold: Command, work: Path) -> None:
    ran = scaffold("new", "demo", *CHOICE)
    assert (ran.code, ran.err) == (0, "")
    assert files(work / "demo") == EVERYTHING
    assert [path.name for path in work.iterdir()] == ["demo"]


def test_makes_one_commit_on_main_under_the_users_identity(scaffold: Command, work: Path) -> None:
    scaffold("new", "demo", *CHOICE)
    log = git(work / "demo", "log", "--format=%an %ae %cn %ce %D")
    assert log == f"{NAME} {EMAIL} {NAME} {EMAIL} HEAD -> main"
    assert git(work / "demo", "status", "--porcelain", "--ignored") == ""
    assert set(git(work / "demo", "ls-files").splitlines()) == EVERYTHING


def test_keeps_files_executable(scaffold: Command, work: Path) -> None:
    scaffold("new", "demo", *CHOICE)
    assert git(work / "demo", "ls-files", "-s", "bin/run").startswith("100755")
    assert git(work / "demo", "ls-files", "-s", "plain.txt").startswith("100644")


def test_stores_the_answers(scaffold: Command, work: Path) -> None:
    scaffold("new", "demo", *CHOICE, "--project-name", "Größe & Co", "--set", "deploy=")
    stored = yaml.safe_load((work / "demo/.copier-answers.yml").read_text(encoding="utf-8"))
    assert stored == {
        "_commit": __version__,
        "_src_path": "git+use-scaffold-upgrade-instead-of-copier-update",
        "idea": "todo",
        "stack": "plain",
        "project_name": "Größe & Co",
        "project_slug": "grosse-co",
        "package_name": "grosse_co",
        "description": "All about To-Do List.",
        "author_name": NAME,
        "author_email": EMAIL,
        "license": "MIT",
        "code_host": "github",
        "deploy": [],
    }


def test_the_folder_is_named_after_the_project(scaffold: Command, work: Path) -> None:
    assert scaffold("new", *CHOICE, "--project-name", "Список дел").code == 0
    assert [path.name for path in work.iterdir()] == ["spisok-del"]


def test_the_project_is_named_after_the_folder(scaffold: Command, work: Path) -> None:
    scaffold("new", "deep/er/my-plan", *CHOICE)
    assert (work / "deep/er/my-plan/README.md").read_text().startswith("# My Plan\n")


def test_the_same_request_gives_the_same_bytes(scaffold: Command, work: Path) -> None:
    for name in ("one", "two"):
        scaffold("new", f"{name}/demo", *CHOICE)
    assert git(work / "one/demo", "rev-parse", "HEAD^{tree}") == git(
        work / "two/demo", "rev-parse", "HEAD^{tree}"
    )


def test_the_printed_command_makes_the_same_again(scaffold: Command, work: Path) -> None:
    title = 'It\'s "$HOME" `x`'
    ran = scaffold("new", "demo", *CHOICE, "--project-name", title, "--license=none")
    again = shlex.split(ran.out.strip().splitlines()[-1])
    before = git(work / "demo", "rev-parse", "HEAD^{tree}")
    shutil.rmtree(work / "demo")
    assert again[0] == "scaffold"
    assert scaffold(*again[1:]).code == 0
    assert git(work / "demo", "rev-parse", "HEAD^{tree}") == before


def test_a_dry_run_shows_the_tree_and_writes_nothing(scaffold: Command, work: Path) -> None:
    ran = scaffold("new", "demo", *CHOICE, "--dry-run")
    assert ran.code == 0
    assert "openapi.yaml" in ran.out
    assert "11 files; nothing was written." in ran.out
    assert list(work.iterdir()) == []


def test_json_says_what_was_made(scaffold: Command, work: Path) -> None:
    ran = scaffold("new", "demo", *CHOICE, "--json")
    assert ran.json["path"] == str(work / "demo")
    assert set(ran.json["files"]) == EVERYTHING
    assert ran.json["answers"]["project_slug"] == "demo"
    assert ran.json["notes"] == []


def test_quiet_prints_nothing(scaffold: Command) -> None:
    ran = scaffold("new", "demo", *CHOICE, "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_answers_come_from_a_file_and_flags_come_before_them(scaffold: Command, work: Path) -> None:
    scaffold("new", "first", *CHOICE, "--license", "none", "--description", "From the file")
    stored = work / "first/.copier-answers.yml"
    ran = scaffold("new", "second", "--answers", str(stored), "--description", "From the flag")
    assert ran.code == 0
    answers = yaml.safe_load((work / "second/.copier-answers.yml").read_text())
    assert (answers["license"], answers["description"]) == ("none", "From the flag")


def test_without_git_there_is_no_repository(scaffold: Command, work: Path) -> None:
    assert scaffold("new", "demo", *CHOICE, "--no-git").code == 0
    assert not (work / "demo/.git").exists()


def test_an_empty_folder_is_used(scaffold: Command, work: Path) -> None:
    (work / "demo").mkdir()
    assert scaffold("new", "demo", *CHOICE).code == 0
    assert files(work / "demo") == EVERYTHING


class TestLock:
    """The stack's lock command runs in the new repository; it may fail, nothing else does."""

    def test_its_file_is_committed(
        self, scaffold: Command, work: Path, relock: Callable[[str], None]
    ) -> None:
        relock("cp plain.txt stack.lock")
        scaffold("new", "demo", *CHOICE)
        assert git(work / "demo", "ls-files", "stack.lock") == "stack.lock"

    @pytest.mark.parametrize(
        ("line", "reason"),
        [("git frobnicate", "frobnicate"), ("no-such-program", "is not installed")],
    )
    def test_a_failure_is_a_note(
        self,
        scaffold: Command,
        work: Path,
        relock: Callable[[str], None],
        line: str,
        reason: str,
    ) -> None:
        relock(line)
        ran = scaffold("new", "demo", *CHOICE)
        assert ran.code == 0
        note = next(text for text in ran.out.splitlines() if text.startswith("Note:"))
        assert reason in note
        assert f"run `{line}`" in note
        assert git(work / "demo", "status", "--porcelain") == ""

    def test_no_lock_does_not_run_it(
        self, scaffold: Command, work: Path, relock: Callable[[str], None]
    ) -> None:
        relock("cp plain.txt stack.lock")
        scaffold("new", "demo", *CHOICE, "--no-lock")
        assert not (work / "demo/stack.lock").exists()


class TestIdentity:
    """The commit is the user's own, or is left to the user."""

    def test_the_author_given_is_used_where_git_has_none(
        self, scaffold: Command, work: Path, own_git: Path
    ) -> None:
        own_git.write_text("")
        ran = scaffold("new", "demo", *CHOICE, "--author-name=Bo", "--author-email=bo@example.org")
        assert ran.code == 0
        assert git(work / "demo", "log", "--format=%an %ae") == "Bo bo@example.org"

    def test_without_any_everything_is_staged_and_the_note_says_how_to_go_on(
        self, scaffold: Command, work: Path, own_git: Path
    ) -> None:
        own_git.write_text("")
        ran = scaffold("new", "demo", *CHOICE)
        assert ran.code == 0
        assert "git config --global user.name" in ran.out
        assert set(git(work / "demo", "diff", "--cached", "--name-only").splitlines()) == EVERYTHING

    def test_global_hooks_are_not_run(
        self, scaffold: Command, work: Path, own_git: Path, tmp_path: Path
    ) -> None:
        hook = tmp_path / "hooks" / "pre-commit"
        hook.parent.mkdir()
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
        own_git.write_text(f"{own_git.read_text()}[core]\n\thooksPath = {hook.parent}\n")
        assert "Note" not in scaffold("new", "demo", *CHOICE).out
        assert git(work / "demo", "rev-list", "--count", "HEAD") == "1"


def test_a_git_variable_of_a_hook_does_not_lead_elsewhere(
    scaffold: Command, work: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    ran = scaffold("new", "demo", *CHOICE, GIT_DIR=str(other / ".git"), GIT_INDEX_FILE="x")
    assert ran.code == 0
    assert git(work / "demo", "rev-list", "--count", "HEAD") == "1"
    assert list((other / ".git/refs/heads").iterdir()) == []


class TestRefusals:
    """What cannot be done is said in two lines, with exit code 2, and nothing is written."""

    def refused(self, scaffold: Command, *arguments: str, **environment: str) -> str:
        before = files(scaffold.folder)
        ran = scaffold("new", *arguments, **environment)
        assert ran.code == 2, ran
        assert ran.out == ""
        assert "Traceback" not in ran.err
        assert len(ran.err.strip().splitlines()) == 2, ran.err
        assert files(scaffold.folder) == before
        return ran.err

    def test_a_folder_that_is_not_empty(self, scaffold: Command, work: Path) -> None:
        (work / "demo").mkdir()
        (work / "demo/mine.txt").write_text("mine")
        assert "is not empty" in self.refused(scaffold, "demo", *CHOICE)

    def test_a_path_that_is_a_file(self, scaffold: Command, work: Path) -> None:
        (work / "demo").write_text("mine")
        assert "is not a folder" in self.refused(scaffold, "demo", *CHOICE)

    def test_a_path_below_a_file(self, scaffold: Command, work: Path) -> None:
        (work / "file").write_text("mine")
        assert "is not a folder" in self.refused(scaffold, "file/demo", *CHOICE)

    def test_a_path_inside_another_repository(self, scaffold: Command, work: Path) -> None:
        subprocess.run(["git", "init", "-q", str(work)], check=True)
        assert "--no-git" in self.refused(scaffold, "sub/demo", *CHOICE)
        assert scaffold("new", "sub/demo", *CHOICE, "--no-git").code == 0

    def test_a_folder_that_may_not_be_written(
        self, work: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Asked of the system, because root, whom tests may run as, may write anywhere."""
        monkeypatch.setattr("os.access", lambda path, _mode: path != work)
        with pytest.raises(InputError, match="may not write"):
            check_target(work / "demo", git=False)

    def test_missing_answers_are_listed_at_once(self, scaffold: Command) -> None:
        assert "Missing: --idea, --stack." in self.refused(scaffold, "demo")
        assert "Missing: --stack." in self.refused(scaffold, "demo", "--defaults", "--idea=todo")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--idea", "tudo", "--stack", "plain"), "Did you mean todo?"),
            (("--idea", "todo", "--stack", "plane"), "Did you mean plain?"),
            (("--idea", "../todo", "--stack", "plain"), "no idea called '../todo'"),
            (("--idea", "chat", "--stack", "fancy"), "cannot be made with Fancy"),
            ((*CHOICE, "--license", "mit"), "Did you mean MIT?"),
            ((*CHOICE, "--set", "licence=MIT"), "Did you mean license?"),
            ((*CHOICE, "--set", "license"), "has no '='"),
            ((*CHOICE, "--answers", "none.yml"), "none.yml cannot be read"),
            ((*CHOICE, "--licence", "MIT"), "--license"),
            ((*CHOICE, "--project-slug", "Demo"), "--project-slug it must start"),
            ((*CHOICE, "--project-slug", "../../etc"), "--project-slug it must start"),
            ((*CHOICE, "--project-slug", "con"), "reserved word"),
            ((*CHOICE, "--project-slug", "plain-library"), "name of a library"),
            ((*CHOICE, "--project-slug", "4ever"), "--project-slug it must start"),
            ((*CHOICE, "--project-slug", "to-do\n"), ""),
            ((*CHOICE, "--project-slug", "\N{PILE OF POO}"), "--project-slug it must start"),
            ((*CHOICE, "--package-name", "select"), "reserved word"),
            ((*CHOICE, "--package-name", "a-b"), "--package-name it must start"),
            ((*CHOICE, "--project-name", "a" * 300), "has 300 characters"),
            ((*CHOICE, "--project-name", "two\nlines"), "line break"),
            ((*CHOICE, "--project-name", "evil\u202etxt"), "direction"),
            ((*CHOICE, "--project-name", "  "), "must not be blank"),
            ((*CHOICE, "--description", "a" * 201), "has 201 characters"),
            ((*CHOICE, "--author-email", "ada"), "not an e-mail"),
            ((*CHOICE, "--author-name", "<script>"), "--author-name it holds"),
            ((*CHOICE, "--deploy", "vps,moon"), "'moon' is not one of the choices"),
        ],
    )
    def test_bad_input(self, scaffold: Command, arguments: tuple[str, ...], said: str) -> None:
        if not said:  # trimmed, not refused
            assert scaffold("new", "demo", *arguments).code == 0
            return
        assert said in self.refused(scaffold, "demo", *arguments)

    def test_every_problem_is_in_one_error(self, scaffold: Command) -> None:
        said = self.refused(scaffold, "demo", *CHOICE, "--license=x", "--author-email=y")
        assert "--license" in said
        assert "--author-email" in said

    def test_no_git(self, scaffold: Command, tmp_path: Path) -> None:
        empty = tmp_path / "empty"
        empty.mkdir()
        assert "not installed" in self.refused(scaffold, "demo", *CHOICE, PATH=str(empty))
        assert scaffold("new", "demo", *CHOICE, "--no-git", "--no-lock", PATH=str(empty)).code == 0

    def test_an_old_git(self, scaffold: Command, tmp_path: Path) -> None:
        old = tmp_path / "old" / "git"
        old.parent.mkdir()
        old.write_text("#!/bin/sh\necho git version 2.17.1\n")
        old.chmod(0o755)
        assert "2.30 or newer" in self.refused(scaffold, "demo", *CHOICE, PATH=str(old.parent))

    def test_an_error_is_json_when_json_is_wanted(self, scaffold: Command) -> None:
        ran = scaffold("new", "demo", "--json", "--idea=x", "--stack=plain")
        assert ran.code == 2
        assert set(ran.json["error"]) == {"problem", "remedy", "exitCode"}


class TestNothingHalfMade:
    """Whatever stops it, the path holds a whole repository or nothing."""

    @pytest.mark.parametrize("source", ["{{ nothing }}", "{{ 1 / 0 }}", "{{ catalog.x | quoted }}"])
    def test_a_failing_template_leaves_nothing(
        self, scaffold: Command, toy_source: Path, source: str
    ) -> None:
        broken = toy_source.parent / "templates/common/broken.txt.jinja"
        broken.write_text(f"first line\n{source}\n")
        ran = scaffold("new", "deep/demo", *CHOICE)
        assert ran.code == 1
        assert ran.err.startswith("Error: broken.txt.jinja, line 2: ")
        assert list(scaffold.folder.iterdir()) == []

    @pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_while_it_locks_leaves_nothing(
        self, scaffold: Command, relock: Callable[[str], None], tmp_path: Path, signum: int
    ) -> None:
        process, _ = self.stuck(scaffold, relock, tmp_path)
        process.send_signal(signum)
        process.communicate(timeout=20)
        assert process.returncode == (130 if signum == signal.SIGINT else 143)
        assert list(scaffold.folder.iterdir()) == []

    def test_kill_9_leaves_nothing_at_the_path(
        self, scaffold: Command, relock: Callable[[str], None], tmp_path: Path
    ) -> None:
        process, _ = self.stuck(scaffold, relock, tmp_path)
        process.kill()
        process.communicate(timeout=20)
        assert not (scaffold.folder / "demo").exists()
        relock("git --version")
        assert scaffold("new", "demo", *CHOICE).code == 0

    @pytest.mark.parametrize("tenths", range(1, 9))
    def test_kill_9_at_any_moment(self, scaffold: Command, tenths: int) -> None:
        process = scaffold.start("new", "demo", *CHOICE)
        try:
            process.communicate(timeout=tenths / 10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        made = scaffold.folder / "demo"
        if made.exists():
            assert files(made) == EVERYTHING
            assert git(made, "status", "--porcelain") == ""

    def test_a_full_disk_leaves_nothing(self, scaffold: Command) -> None:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))

        done = subprocess.run(
            [*scaffold.line, "new", "demo", *CHOICE],
            cwd=scaffold.folder,
            env=scaffold.environment({"PYTHONDONTWRITEBYTECODE": "1"}),
            preexec_fn=limit,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "could not be written" in done.stderr
        assert list(scaffold.folder.iterdir()) == []

    def stuck(
        self, scaffold: Command, relock: Callable[[str], None], tmp_path: Path
    ) -> tuple["subprocess.Popen[str]", Path]:
        """Start the command with a lock step that says that it began and never ends."""
        fifo = tmp_path / "began"
        subprocess.run(["mkfifo", str(fifo)], check=True)
        relock(f"sh -c 'echo began > {fifo}; exec tail -f /dev/null'")
        process = scaffold.start("new", "demo", *CHOICE)
        assert fifo.read_text() == "began\n"
        return process, fifo
