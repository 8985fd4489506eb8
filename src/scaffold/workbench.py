"""A throw-away repository beside a real one, in which an upgrade is tried out.

It reads the real repository's objects where they are and writes its own elsewhere, so
whatever happens in it, not one byte of the real repository changes.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.repository import git

# What a merge needs that users may have set otherwise. A file that the template adds to a
# folder goes where the user moved that folder, and line ends are no changes.
MERGE_SETTINGS = (
    "merge.renames=true",
    "merge.renameLimit=10000",
    "merge.directoryRenames=true",
    "rerere.enabled=false",
    "core.autocrlf=false",
    "core.safecrlf=false",
    "advice.mergeConflict=false",
)
PICK = (
    "cherry-pick",
    "--allow-empty",
    "--keep-redundant-commits",
    "-Xrenormalize",
    "-Xignore-cr-at-eol",
)
_NO_SIGN = ("-c", "commit.gpgSign=false")


@dataclass(frozen=True)
class Change:
    """How one path differs between two trees.

    Args:
        kind: A(dded), M(odified), D(eleted), R(enamed) or T(ype changed).
        path: The path in the newer tree (in the older one, if it is deleted).
        before: The path in the older tree.
    """

    kind: str
    path: str
    before: str


def options(settings: tuple[str, ...] = MERGE_SETTINGS) -> list[str]:
    """Return settings as Git's options."""
    return [word for setting in settings for word in ("-c", setting)]


class Workbench:
    """The throw-away repository.

    Args:
        root: The real repository's work tree.
        folder: An empty folder for this one.
        person: `name` and `email` of the person whose commits these are.
    """

    def __init__(self, root: Path, folder: Path, person: dict[str, str]) -> None:
        self.root, self.folder = root, folder
        self.person = {
            f"GIT_{role}_{key.upper()}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in person.items()
        }
        self("init", "--quiet", "--template=")
        objects = Path(self.real("rev-parse", "--path-format=absolute", "--git-path", "objects"))
        (folder / ".git/objects/info").mkdir(parents=True, exist_ok=True)
        (folder / ".git/objects/info/alternates").write_text(f"{objects}\n", encoding="utf-8")
        shallow = Path(self.real("rev-parse", "--path-format=absolute", "--git-path", "shallow"))
        if shallow.is_file():
            shutil.copy(shallow, folder / ".git/shallow")
        self.head = self.real("rev-parse", "HEAD")

    def __call__(self, *arguments: str, **extra: str) -> str:
        """Run Git here and return what it printed, without the last line feed.

        Raises:
            ScaffoldError: It failed.
        """
        return _output(
            git(self.folder, *options(), *_NO_SIGN, *arguments, extra=self.person | extra)
        )

    def real(self, *arguments: str) -> str:
        """Run Git in the real repository; only for what changes nothing."""
        return _output(git(self.root, *arguments))

    def commit(self, files: Path, message: str, parent: str | None = None) -> str:
        """Commit a folder's files, all of them, and return the commit's name."""
        index = {"GIT_INDEX_FILE": str(self.folder / ".git" / "rendered-index")}
        self(f"--work-tree={files}", "add", "--all", "--force", ".", **index)
        tree = self("write-tree", **index)
        (self.folder / ".git" / "rendered-index").unlink()
        parents = ["-p", parent] if parent else []
        return self("commit-tree", tree, *parents, "-m", message)

    def pick(self, commit: str) -> dict[str, str]:
        """Cherry-pick a commit onto the real repository's head.

        Returns:
            The conflicts, path to Git's two letters; none when it is done.
        """
        self("checkout", "--quiet", "--detach", self.head)
        done = git(self.folder, *options(), *_NO_SIGN, *PICK, commit, extra=self.person)
        conflicts = unmerged(self.folder)
        if done.returncode and not conflicts:
            raise ScaffoldError(
                f"Git could not merge: {(done.stderr.strip().splitlines() or ['no reason'])[0]}",
                "Nothing was changed. Please report this.",
            )
        return conflicts

    def added(self) -> list[str]:
        """Return the paths that the picked commit adds to the head, also those in conflict."""
        now = set(self("ls-files", "-z").split("\0"))
        before = set(self("ls-tree", "-r", "-z", "--name-only", self.head).split("\0"))
        return sorted(now - before)

    def changes(self, old: str, new: str) -> list[Change]:
        """Return how two commits or trees differ; renames are followed."""
        text = self("diff-tree", "-r", "-z", "--name-status", "--find-renames", old, new)
        fields = iter(text.split("\0"))
        found = []
        for kind in fields:
            if kind:
                before = next(fields)
                path = next(fields) if kind[0] in "RC" else before
                found.append(Change(kind[0], path, before))
        return found

    def blob(self, commit: str, path: str) -> str:
        """Return what a commit has at a path (mode and object), or ""."""
        return self("ls-tree", "-z", commit, "--", path).partition("\t")[0]

    def hand_over(self, *commits: str) -> None:
        """Copy commits and what belongs to them into the real repository, under no name."""
        wanted = "\n".join([*commits, f"^{self.head}", ""])
        pack = subprocess.run(
            ["git", "-C", str(self.folder), "pack-objects", "--revs", "--stdout", "--quiet"],
            input=wanted.encode(),
            capture_output=True,
            check=True,
        )
        subprocess.run(
            ["git", "-C", str(self.root), "unpack-objects", "-q"],
            input=pack.stdout,
            capture_output=True,
            check=True,
        )


def unmerged(folder: Path) -> dict[str, str]:
    """Return the paths in conflict in a work tree, to Git's two letters (ours, theirs)."""
    text = _output(git(folder, "status", "--porcelain", "-z", "--untracked-files=no"))
    letters = ("DD", "AU", "UD", "UA", "DU", "AA", "UU")
    return {entry[3:]: entry[:2] for entry in text.split("\0") if entry[:2] in letters}


def _output(done: "subprocess.CompletedProcess[str]") -> str:
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise ScaffoldError(f"Git failed: {reason}", "Nothing was changed. Please report this.")
    return done.stdout.rstrip("\n")
