"""Edits of the learner that meet no change of the template survive, whatever they are."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.upgrade import UpgradeSpec, upgrade
from tests.trees import contents
from tests.upgrades.scenarios import Scenario, delete, text, write
from tests.upgrades.tools import commit, start, two_releases

# The template changes line 11 of `a.txt`, removes `b.txt` and adds `new.txt`.
SCENARIO = Scenario(
    "property",
    base={"a.txt": text(), "b.txt": text(l1="b"), "c.txt": text(l1="c")},
    theirs=[
        write("a.txt", text(l11="theirs")),
        delete("b.txt"),
        write("new.txt", "new\n"),
    ],
)
NAMES = st.from_regex(r"\A[a-z]{1,8}(/[a-zäöü ☃]{1,8})?\.mine\Z")
# A NUL would make the file binary, and binary files cannot be merged.
LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n")), max_size=8)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    top=LINES,
    whole=st.one_of(st.none(), st.binary(max_size=64)),
    files=st.dictionaries(NAMES, st.binary(max_size=64), max_size=4),
)
def test_what_the_template_leaves_alone_is_the_learners(
    top: list[str], whole: bytes | None, files: dict[str, bytes]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        releases = two_releases(SCENARIO, folder)
        path = start(releases, SCENARIO, folder / "demo")
        # Far above line 11, so that the two changes do not touch.
        mine = "\n".join([*top, *text().splitlines()[3:]]) + "\n"
        (path / "a.txt").write_text(mine, encoding="utf-8", newline="")
        if whole is None:
            (path / "c.txt").unlink()
        else:
            (path / "c.txt").write_bytes(whole)
        for file, data in files.items():
            (path / file).parent.mkdir(exist_ok=True)
            (path / file).write_bytes(data)
        commit(path, "mine")
        before = contents(path)
        upgrade(releases, UpgradeSpec(path, in_place=True))
        after = contents(path)
        assert after["a.txt"][0].decode() == mine.replace("line 11", "theirs")
        untouched = before.keys() - {"a.txt", "b.txt", ".copier-answers.yml"}
        assert {file: after[file] for file in untouched} == {
            file: before[file] for file in untouched
        }
        assert ("c.txt" in after) == (whole is not None)
