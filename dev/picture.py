"""`make picture`: the picture of the README, recorded from the real command.

The wizard runs in a terminal of fixed size, answered by key strokes; what the screen
shows at the end is drawn as SVG.
"""

import re
import sys
import tempfile
from pathlib import Path

import pexpect
import pyte
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from tests.toy import CHECKOUT

PICTURE = CHECKOUT / "docs" / "new.svg"
COLUMNS, LINES = 96, 70
ENTER, DOWN = "\r", "\x1b[B"
# What the screen shows, and what is typed then.
SESSION = [
    ("What do you want to build?", ENTER),
    ("With which stack?", ENTER),
    ("Title of the project", ENTER),
    ("Name of the repository", ENTER),
    ("Name for databases", ENTER),
    ("One line that says", ENTER),
    ("Your name", ENTER),
    ("Your e-mail", ENTER),
    ("What others may do", ENTER),
    ("Where the code is hosted", ENTER),
    ("Where to deploy it", ENTER),
    ("Folder to make it in", ENTER),
    ("Make it?", ENTER),
]


def record() -> pyte.Screen:
    """Run the session and return the screen at its end."""
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.Stream(screen)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "gitconfig"
        config.write_text("[user]\n\tname = Ada Lovelace\n\temail = ada@example.com\n")
        work = Path(folder) / "work"
        work.mkdir()
        terminal = pexpect.spawn(
            "/bin/sh",
            ["-c", f"GIT_CONFIG_GLOBAL={config} {sys.executable} -m scaffold new"],
            cwd=work,
            encoding="utf-8",
            dimensions=(LINES, COLUMNS),
            timeout=60,
        )
        for shown, typed in SESSION:
            terminal.expect_exact(shown)
            stream.feed(terminal.before + terminal.after)
            terminal.send(typed)
        terminal.expect(pexpect.EOF)
        stream.feed(terminal.before)
    return screen


def drawn(screen: pyte.Screen) -> str:
    """Return a screen as SVG."""
    console = Console(record=True, width=COLUMNS, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    rows = [screen.buffer[number] for number in range(LINES)]
    last = max(n for n, row in enumerate(rows) if any(cell.data.strip() for cell in row.values()))
    for row in rows[: last + 1]:
        text = Text()
        for column in range(COLUMNS):
            cell = row[column]
            color = "" if cell.fg == "default" else colour(cell.fg)
            text.append(cell.data, style=f"{'bold ' if cell.bold else ''}{color}".strip())
        text.rstrip()
        console.print(text, no_wrap=True)
    svg = console.export_svg(title="scaffold new", theme=MONOKAI, unique_id="scaffold")
    # The fonts would come from another host; every viewer has a monospaced one.
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def colour(name: str) -> str:
    """Return rich's word for a colour of pyte."""
    if re.fullmatch(r"[0-9a-f]{6}", name):
        return f"#{name}"
    return name.replace("bright", "bright_").replace("brown", "yellow")


if __name__ == "__main__":
    PICTURE.write_text(drawn(record()), encoding="utf-8")
