"""What a template and a learner can each do to the same repository, as a table.

Each row: what release 1 had, what release 2 does to the template, what the learner did
meanwhile, and the tree that must come out. Texts of the learner hold the word MINE, so
that what is lost can be found.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Action = Callable[[Path], None]


def write(path: str, content: str | bytes) -> Action:
    """Write a file."""

    def act(root: Path) -> None:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    return act


def delete(path: str) -> Action:
    """Delete a file."""
    return lambda root: (root / path).unlink()


def move(old: str, new: str) -> Action:
    """Move a file or folder."""

    def act(root: Path) -> None:
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (root / old).rename(root / new)

    return act


def executable(path: str, mode: int = 0o755) -> Action:
    """Change the mode of a file."""
    return lambda root: (root / path).chmod(mode)


def text(**changes: str) -> str:
    """Return twelve lines, some of them changed: `text(l3="MINE")` changes the third."""
    return "".join(f"{changes.get(f'l{n}', f'line {n}')}\n" for n in range(1, 13))


Questions = dict[str, Any]


def as_before(questions: Questions) -> None:
    """Release 2 asks what release 1 asked."""


@dataclass(frozen=True)
class Scenario:
    """One row.

    Args:
        name: What happens.
        base: Files that release 1 has beside the toy catalogue's.
        theirs: What release 2 does to the template's files.
        mine: What the learner did.
        result: Contents that must come out, by path; None: nothing is there.
        conflicts: Paths that must be in conflict; then the exit code must be 3.
        questions: What release 2 does to the questions.
        given: Answers given to the upgrade.
        modes: Paths to whether they must be executable in the end.
    """

    name: str
    base: dict[str, str | bytes] = field(default_factory=lambda: {"a.txt": text()})
    theirs: list[Action] = field(default_factory=list)
    mine: list[Action] = field(default_factory=list)
    result: dict[str, str | bytes | None] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    questions: Callable[[Questions], None] = as_before
    given: dict[str, object] = field(default_factory=dict)
    modes: dict[str, bool] = field(default_factory=dict)

    @property
    def wrote(self) -> bool:
        """Whether the learner wrote something that can be lost."""
        return not self.name.startswith("the learner deleted")

    @property
    def is_about_answers(self) -> bool:
        """Whether it changes questions or answers, not only files."""
        return bool(self.given) or self.questions is not as_before


MINE, THEIRS = text(l2="MINE"), text(l11="theirs")
BOTH = text(l2="MINE", l11="theirs")
PNG = bytes(range(256))
MY_PNG, THEIR_PNG = b"MINE\0" + PNG, b"theirs\0" + PNG


def ask_color(questions: Questions) -> None:
    """Release 2 asks something new."""
    questions["color"] = {"type": "str", "help": "Color", "default": "blue"}


def rename_author(questions: Questions) -> None:
    """Release 2 calls the author `owner`."""
    questions["_renamed"] = {"author_name": "owner"}
    questions["owner"] = {"type": "str", "help": "Owner", "default": ""}
    del questions["author_name"]


def drop_vps(questions: Questions) -> None:
    """Release 2 has another deploy target instead of vps."""
    questions["deploy"]["choices"] = {"The moon": "moon"}
    questions["deploy"]["default"] = []


def drop_mit(questions: Questions) -> None:
    """Release 2 has no MIT license."""
    del questions["license"]["choices"]["MIT (anything, with credit)"]
    questions["license"]["default"] = "Apache-2.0"


SCENARIOS = [
    Scenario(
        "only the template changes", theirs=[write("a.txt", THEIRS)], result={"a.txt": THEIRS}
    ),
    Scenario("only the learner changes", mine=[write("a.txt", MINE)], result={"a.txt": MINE}),
    Scenario(
        "both change other lines",
        theirs=[write("a.txt", THEIRS)],
        mine=[write("a.txt", MINE)],
        result={"a.txt": BOTH},
    ),
    Scenario(
        "both change the same line",
        theirs=[write("a.txt", text(l2="theirs"))],
        mine=[write("a.txt", MINE)],
        conflicts=("a.txt",),
    ),
    Scenario(
        "both make the same change",
        theirs=[write("a.txt", MINE)],
        mine=[write("a.txt", MINE)],
        result={"a.txt": MINE},
    ),
    Scenario(
        "the template adds a file",
        theirs=[write("new.txt", "new\n")],
        mine=[write("a.txt", MINE)],
        result={"new.txt": "new\n", "a.txt": MINE},
    ),
    Scenario(
        "the template removes a file",
        theirs=[delete("a.txt")],
        mine=[write("mine.txt", "MINE\n")],
        result={"a.txt": None, "mine.txt": "MINE\n"},
    ),
    Scenario(
        "the template removes a file that the learner edited",
        theirs=[delete("a.txt")],
        mine=[write("a.txt", MINE)],
        conflicts=("a.txt",),
    ),
    Scenario(
        "the learner deleted a file that the template changes",
        theirs=[write("a.txt", THEIRS)],
        mine=[delete("a.txt")],
        conflicts=("a.txt",),
    ),
    Scenario(
        "the learner deleted a file that the template leaves alone",
        theirs=[write("new.txt", "new\n")],
        mine=[delete("a.txt")],
        result={"a.txt": None, "new.txt": "new\n"},
    ),
    Scenario(
        "both deleted it", theirs=[delete("a.txt")], mine=[delete("a.txt")], result={"a.txt": None}
    ),
    Scenario(
        "the template renames a file that the learner edited",
        theirs=[move("a.txt", "b.txt")],
        mine=[write("a.txt", MINE)],
        result={"a.txt": None, "b.txt": MINE},
    ),
    Scenario(
        "the template renames and changes a file that the learner edited",
        theirs=[move("a.txt", "b.txt"), write("b.txt", THEIRS)],
        mine=[write("a.txt", MINE)],
        result={"a.txt": None, "b.txt": BOTH},
    ),
    Scenario(
        "the learner renamed a file that the template changes",
        theirs=[write("a.txt", THEIRS)],
        mine=[move("a.txt", "mine.txt")],
        result={"a.txt": None, "mine.txt": THEIRS},
    ),
    Scenario(
        "the learner renamed and edited a file that the template changes",
        theirs=[write("a.txt", THEIRS)],
        mine=[move("a.txt", "mine.txt"), write("mine.txt", MINE)],
        result={"a.txt": None, "mine.txt": BOTH},
    ),
    Scenario(
        "both rename it to the same name",
        theirs=[move("a.txt", "b.txt"), write("b.txt", THEIRS)],
        mine=[move("a.txt", "b.txt"), write("b.txt", MINE)],
        result={"a.txt": None, "b.txt": BOTH},
    ),
    Scenario(
        "both rename it to other names",
        theirs=[move("a.txt", "b.txt")],
        mine=[move("a.txt", "mine.txt"), write("mine.txt", MINE)],
        conflicts=("a.txt", "b.txt", "mine.txt"),
    ),
    Scenario(
        "the template adds to a folder that the learner moved",
        base={"old/a.txt": text(), "old/b.txt": text(l5="b")},
        theirs=[write("old/c.txt", "c\n")],
        mine=[move("old", "moved"), write("moved/a.txt", MINE)],
        result={"moved/a.txt": MINE, "moved/c.txt": "c\n", "old/c.txt": None},
    ),
    Scenario(
        "the template moves a folder to which the learner added",
        base={"old/a.txt": text(), "old/b.txt": text(l5="b")},
        theirs=[move("old", "moved")],
        mine=[write("old/mine.txt", "MINE\n")],
        result={"moved/a.txt": text(), "moved/mine.txt": "MINE\n", "old/a.txt": None},
    ),
    Scenario(
        "the learner replaced a binary file",
        base={"logo.png": PNG},
        theirs=[write("new.txt", "new\n")],
        mine=[write("logo.png", MY_PNG)],
        result={"logo.png": MY_PNG, "new.txt": "new\n"},
    ),
    Scenario(
        "both replace a binary file",
        base={"logo.png": PNG},
        theirs=[write("logo.png", THEIR_PNG)],
        mine=[write("logo.png", MY_PNG)],
        conflicts=("logo.png",),
    ),
    Scenario(
        "the template replaces a binary file",
        base={"logo.png": PNG, "a.txt": text()},
        theirs=[write("logo.png", THEIR_PNG)],
        mine=[write("a.txt", MINE)],
        result={"logo.png": THEIR_PNG, "a.txt": MINE},
    ),
    Scenario(
        "the template makes a file executable that the learner edited",
        theirs=[executable("a.txt")],
        mine=[write("a.txt", MINE)],
        result={"a.txt": MINE},
        modes={"a.txt": True},
    ),
    Scenario(
        "the learner made a file executable that the template changes",
        theirs=[write("a.txt", THEIRS)],
        mine=[executable("a.txt")],
        result={"a.txt": THEIRS},
        modes={"a.txt": True},
    ),
    Scenario(
        "the template turns a file into a folder",
        theirs=[delete("a.txt"), write("a.txt/inside.txt", "inside\n")],
        mine=[write("mine.txt", "MINE\n")],
        result={"a.txt/inside.txt": "inside\n", "mine.txt": "MINE\n"},
    ),
    Scenario(
        "the learner turned a file into a folder",
        theirs=[write("new.txt", "new\n")],
        mine=[delete("a.txt"), write("a.txt/mine.txt", "MINE\n")],
        result={"a.txt/mine.txt": "MINE\n", "new.txt": "new\n"},
    ),
    Scenario(
        "the learner added the file that the template adds now, with the same contents",
        theirs=[write("new.txt", "MINE\n")],
        mine=[write("new.txt", "MINE\n")],
        result={"new.txt": "MINE\n"},
    ),
    Scenario(
        "the learner added the file that the template adds now, with other contents",
        theirs=[write("new.txt", "theirs\n")],
        mine=[write("new.txt", "MINE\n")],
        conflicts=("new.txt",),
    ),
    Scenario(
        "the learner reformatted the whole file; the template leaves it alone",
        theirs=[write("new.txt", "new\n")],
        mine=[write("a.txt", text().replace("line", "    MINE"))],
        result={"a.txt": text().replace("line", "    MINE"), "new.txt": "new\n"},
    ),
    Scenario(
        "the learner reformatted the whole file; the template changes it",
        theirs=[write("a.txt", THEIRS)],
        mine=[write("a.txt", text().replace("line", "    MINE"))],
        conflicts=("a.txt",),
    ),
    Scenario(
        "the learner's editor wrote CRLF, and Git normalises it",
        base={"a.txt": text(), ".gitattributes": "* text=auto eol=lf\n"},
        theirs=[write("a.txt", THEIRS)],
        mine=[write("a.txt", MINE.replace("\n", "\r\n"))],
        result={"a.txt": BOTH},
    ),
    Scenario(
        "the learner's editor wrote CRLF, and Git keeps it",
        theirs=[write("a.txt", THEIRS)],
        mine=[write("a.txt", MINE.replace("\n", "\r\n"))],
        result={"a.txt": BOTH.replace("\n", "\r\n").replace("theirs\r", "theirs")},
    ),
    Scenario(
        "names with spaces and letters of all kinds",
        base={"mit Größe/ä b ☃.txt": text()},
        theirs=[write("mit Größe/ä b ☃.txt", THEIRS)],
        mine=[write("mit Größe/ä b ☃.txt", MINE)],
        result={"mit Größe/ä b ☃.txt": BOTH},
    ),
    Scenario(
        "the learner emptied a file that the template leaves alone",
        theirs=[write("new.txt", "new\n")],
        mine=[write("a.txt", "")],
        result={"a.txt": "", "new.txt": "new\n"},
    ),
    Scenario(
        "a file without a last line feed",
        base={"a.txt": text().rstrip("\n")},
        theirs=[write("a.txt", text(l2="theirs").rstrip("\n"))],
        mine=[write("a.txt", text(l11="MINE").rstrip("\n"))],
        result={"a.txt": text(l2="theirs", l11="MINE").rstrip("\n")},
    ),
    Scenario(
        "a new question gets its default",
        theirs=[write("color.txt.jinja", "{{ color }}\n")],
        mine=[write("a.txt", MINE)],
        result={"color.txt": "blue\n", "a.txt": MINE},
        questions=ask_color,
    ),
    Scenario(
        "a new question is answered",
        theirs=[write("color.txt.jinja", "{{ color }}\n")],
        mine=[write("a.txt", MINE)],
        result={"color.txt": "red\n", "a.txt": MINE},
        questions=ask_color,
        given={"color": "red"},
    ),
    Scenario(
        "a question is renamed, and keeps its answer",
        base={"owner.txt.jinja": "by {{ author_name }}\n"},
        theirs=[
            write("owner.txt.jinja", "owned by {{ owner }}\n"),
            write(
                "../options/license/MIT/LICENSE.jinja", "Copyright {{ owner or project_name }}\n"
            ),
        ],
        mine=[write("mine.txt", "MINE\n")],
        result={"owner.txt": "owned by Ada Lovelace\n", "mine.txt": "MINE\n"},
        questions=rename_author,
    ),
    Scenario(
        "an option of several is removed",
        theirs=[write("new.txt", "new\n")],
        mine=[write("a.txt", MINE)],
        result={"docs/vps.md": None, "a.txt": MINE, "new.txt": "new\n"},
        questions=drop_vps,
    ),
    Scenario(
        "the chosen option is removed, and another is given",
        theirs=[write("new.txt", "new\n")],
        mine=[write("a.txt", MINE)],
        result={"LICENSE": None, "a.txt": MINE, "new.txt": "new\n"},
        questions=drop_mit,
        given={"license": "Apache-2.0"},
    ),
    Scenario(
        "an answer is changed",
        mine=[write("a.txt", MINE)],
        theirs=[write("new.txt", "new\n")],
        result={"docs/vps.md": None, "a.txt": MINE, "new.txt": "new\n"},
        given={"deploy": ""},
    ),
    Scenario(
        "a changed answer meets the learner's edit elsewhere in the file",
        base={"title.md.jinja": "# {{ project_name }}\n\n" + text()},
        mine=[write("title.md", "# Demo\n\n" + text(l12="MINE"))],
        result={"title.md": "# Other\n\n" + text(l12="MINE")},
        given={"project_name": "Other", "project_slug": "demo"},
    ),
]
