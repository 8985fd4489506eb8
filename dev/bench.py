"""`make bench`: `scaffold` against cookiecutter, Copier and the floor, side by side.

Machines are shared and noisy, so every round runs each contender once, and what counts
are ratios of the medians of one run. All contenders make the same files, which is
checked before anything is measured.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import yaml

from dev.release import snapshot
from scaffold import __version__
from scaffold.catalog import Catalog
from scaffold.compose import SUFFIX, compose
from tests.combinations import AUTHOR, CATALOG, COMBINATIONS
from tests.toy import CHECKOUT
from tests.trees import contents

ROUNDS = 7
DUMMY_IDEAS = 50
COMBINATION = COMBINATIONS[0]
ANSWERS = COMBINATION.answers(project_slug="demo", package_name="demo", project_name="Demo")
GIT = "git init -q -b main && git add --all --force && git commit -q -m start"


def run(line: str, folder: Path, source: Path = CHECKOUT / "src") -> None:
    """Run a command line in a folder, with the package of a source folder; it must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(source), "BIN": str(Path(sys.executable).parent)}
    done = subprocess.run(
        ["sh", "-ec", line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{line}\n{(done.stdout + done.stderr)[:2000]}")


def measured(contenders: dict[str, Callable[[Path], None]]) -> dict[str, float]:
    """Return the median seconds of each contender; each round runs each of them once."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(ROUNDS + 1):
        for name, contender in contenders.items():
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                contender(Path(folder))
                if number:  # the first round fills caches
                    seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def new(source: Path = CHECKOUT / "src") -> Callable[[Path], None]:
    """Return a contender: `scaffold new --no-lock` with the package of a source folder."""
    given = " ".join(f"--{n.replace('_', '-')}='{v}'" for n, v in AUTHOR.items())
    choice = f"--idea {COMBINATION.idea} --stack {COMBINATION.stack} --defaults {given}"
    line = f'"$BIN/python" -m scaffold new demo --no-lock {choice}'
    return lambda folder: run(line, folder, source)


def cookiecutter_template(composed: Path, folder: Path) -> None:
    """Write a composed template as one of cookiecutter, which calls answers cookiecutter.*."""
    declared = yaml.safe_load((composed / "copier.yml").read_text("utf-8"))
    hidden = {name: declared[name]["default"] for name in ("catalog", "scaffold_version")}
    context = {**hidden, **ANSWERS, "_copier_answers": ANSWERS}
    setting = "".join(f"{{% set {name} = cookiecutter._context.{name} %}}" for name in context)
    root = folder / "{{cookiecutter.name}}"
    plain = []
    for path in sorted((composed / "template").rglob("*")):
        name = path.relative_to(composed / "template").as_posix()
        if path.is_dir():
            continue
        target = root / name.removesuffix(SUFFIX)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
        if name.endswith(SUFFIX):
            target.write_text(setting + path.read_text("utf-8"), encoding="utf-8")
        else:
            plain.append(name)
    extensions = ["jinja2_ansible_filters.AnsibleCoreFiltersExtension"]
    settings = {
        "name": "demo",
        "_context": context,  # the underscore keeps numbers and lists what they are
        "_extensions": extensions + declared["_jinja_extensions"],
        "_copy_without_render": plain,
    }
    (folder / "cookiecutter.json").write_text(json.dumps(settings), encoding="utf-8")


def with_dummy_ideas(folder: Path) -> Path:
    """Copy the package and its templates, add ideas that nobody chooses, return the source."""
    shutil.copytree(CHECKOUT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(CHECKOUT / "templates", folder / "templates")
    for parent in ("ideas", f"stacks/{COMBINATION.stack}/ideas"):
        place = folder / "templates" / parent
        for number in range(DUMMY_IDEAS):
            shutil.copytree(place / COMBINATION.idea, place / f"dummy{number}")
    return folder / "src"


def whole_catalogue_template(composed: Path, folder: Path) -> None:
    """Write one Copier template that holds all ideas, each in files that only it brings."""
    shutil.copytree(composed, folder, dirs_exist_ok=True)
    idea = CATALOG.folder / "ideas" / COMBINATION.idea / "files"
    code = CATALOG.folder / "stacks" / COMBINATION.stack / "ideas" / COMBINATION.idea
    for number in range(DUMMY_IDEAS):
        other = f"dummy{number}"
        target = folder / "template" / f"{{% if idea == '{other}' %}}{other}{{% endif %}}"
        for layer in (idea, code):
            shutil.copytree(layer, target, dirs_exist_ok=True)


def upgrades(folder: Path) -> dict[str, Callable[[Path], None]]:
    """Return the contenders for an upgrade of the same edited repository.

    The release is the current one with a change in one file; the learner changed another.
    """
    old, new_ = folder / "old", folder / "new"
    for source, version in ((old, "1.0.0"), (new_, "2.0.0")):
        shutil.copytree(CHECKOUT / "src", source / "src")
        shutil.copytree(CHECKOUT / "templates", source / "templates")
        shutil.copy(CHECKOUT / "CHANGELOG.md", source)
        (source / "releases").mkdir()
        (source / "src/scaffold/__init__.py").write_text(f'__version__ = "{version}"\n')
    guide = new_ / "templates" / "common" / "CONTRIBUTING.md"
    guide.write_text(guide.read_text("utf-8") + "\nMore.\n", encoding="utf-8")
    snapshot(old / "templates", new_ / "releases" / "1.0.0.tar.xz")
    mine = "echo mine >> README.md && git commit -qam mine"
    new(old / "src")(folder)
    run(f"mv demo ours && cd ours && {mine}", folder)

    template = folder / "template"
    template.mkdir()
    run("git init -q -b main", template)
    for source, version in ((old, "1.0.0"), (new_, "2.0.0")):
        run("git rm -rq --ignore-unmatch .", template)
        catalog = Catalog(source / "templates")
        compose(catalog, ANSWERS, version).write_template(template)
        stored = template / "template" / f".copier-answers.yml{SUFFIX}"
        stored.write_text("{{ _copier_answers | to_nice_yaml }}\n", encoding="utf-8")
        run(f"git add -A -f && git commit -qm {version} && git tag {version}", template)
    (folder / "answers.yml").write_text(yaml.safe_dump(ANSWERS), encoding="utf-8")
    copier = '"$BIN/copier"'
    options = f"--quiet --trust --defaults --data-file {folder}/answers.yml --vcs-ref 1.0.0"
    run(f"{copier} copy {options} {template} theirs && cd theirs && {GIT} && {mine}", folder)
    update = f"{copier} update --quiet --trust --defaults --vcs-ref 2.0.0"
    copy = "cp -r {0} demo && cd demo"
    upgrade = '"$BIN/python" -m scaffold upgrade --in-place --defaults'
    return {
        "scaffold upgrade": lambda at: run(
            f"{copy.format(folder / 'ours')} && {upgrade}", at, new_ / "src"
        ),
        "copier update": lambda at: run(f"{copy.format(folder / 'theirs')} && {update}", at),
    }


def check_same(contenders: dict[str, Callable[[Path], None]]) -> None:
    """Make sure that all contenders make the same files."""
    trees: dict[str, Any] = {}
    for name, contender in contenders.items():
        with tempfile.TemporaryDirectory() as folder:
            contender(Path(folder))
            trees[name] = contents(Path(folder) / "demo")
    first = next(iter(trees.values()))
    for name, tree in trees.items():
        different = {
            path for path in first.keys() | tree.keys() if first.get(path) != tree.get(path)
        }
        # cookiecutter's context is JSON, which has no numbers as keys: the roadmap's steps.
        if different - {"docs/roadmap.md"}:
            raise SystemExit(f"{name} makes other files: {sorted(different)}")


def table(title: str, seconds: dict[str, float], base: str) -> None:
    """Print seconds and their ratio to one of them."""
    click.echo(f"\n{title}")
    for name, value in seconds.items():
        click.echo(f"  {name:48} {value * 1000:7.0f} ms {value / seconds[base]:7.2f} x")


def reached(what: str, ratio: float, most: float) -> bool:
    """Print whether a ratio is at most what it should be."""
    good = ratio <= most
    click.echo(f"  {'reached' if good else 'MISSED '}  {what}: {ratio:.2f}, at most {most:.2f}")
    return good


def main() -> None:
    """Run the benchmarks; exit code 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        composed, whole, cut, finished = (
            folder / part for part in ("composed", "whole", "cut", "finished")
        )
        for part in (composed, cut):
            part.mkdir()
        compose(CATALOG, ANSWERS, __version__).write_template(composed)
        whole_catalogue_template(composed, whole)
        cookiecutter_template(composed, cut)
        (folder / "answers.yml").write_text(yaml.safe_dump(ANSWERS), encoding="utf-8")
        new()(folder)
        shutil.move(folder / "demo", finished)
        shutil.rmtree(finished / ".git")
        copier = f'"$BIN/copier" copy --quiet --trust --defaults --data-file {folder}/answers.yml'
        cookie = f'"$BIN/cookiecutter" --no-input {cut}'
        in_git = f"cd demo && {GIT}"
        contenders: dict[str, Callable[[Path], None]] = {
            "scaffold new --no-lock": new(),
            "cookiecutter, git": lambda at: run(f"{cookie} && {in_git}", at),
            "copier copy of the composed template, git": lambda at: run(
                f"{copier} {composed} demo && {in_git}", at
            ),
            "copier copy of the whole catalogue, git": lambda at: run(
                f"{copier} {whole} demo && {in_git}", at
            ),
            "floor: cp -r, git": lambda at: run(f"cp -r {finished} demo && {in_git}", at),
        }
        check_same(contenders)
        making = measured(contenders)
        table(f"Making {COMBINATION}", making, "scaffold new --no-lock")

        start = '"$BIN/python" -m scaffold'
        starting = measured(
            {
                "python -c pass": lambda at: run('"$BIN/python" -c pass', at),
                "scaffold --help": lambda at: run(f"{start} --help", at),
                "scaffold list": lambda at: run(f"{start} list", at),
            }
        )
        table("Starting", starting, "python -c pass")

        large = with_dummy_ideas(folder / "large")
        if len(Catalog(folder / "large" / "templates").ideas) <= DUMMY_IDEAS:
            raise SystemExit("the dummy ideas are not in the catalogue")
        growing = measured(
            {"the catalogue as it is": new(), f"{DUMMY_IDEAS} more ideas": new(large)}
        )
        table("Making one repository from a larger catalogue", growing, "the catalogue as it is")

        upgrading = measured(upgrades(folder / "upgrade"))
        table("Upgrading an edited repository", upgrading, "scaffold upgrade")

    ours = making["scaffold new --no-lock"]
    click.echo("\nGoals")
    goals = [
        reached("scaffold new / cookiecutter, git", ours / making["cookiecutter, git"], 1.0),
        reached(
            "scaffold new / copier copy of the whole catalogue",
            ours / making["copier copy of the whole catalogue, git"],
            0.5,
        ),
        *(
            reached(f"{name} / python -c pass", starting[name] / starting["python -c pass"], 10)
            for name in ("scaffold --help", "scaffold list")
        ),
        reached(
            f"{DUMMY_IDEAS} more ideas / as it is",
            growing[f"{DUMMY_IDEAS} more ideas"] / growing["the catalogue as it is"],
            1.15,
        ),
        reached(
            "scaffold upgrade / copier update",
            upgrading["scaffold upgrade"] / upgrading["copier update"],
            0.5,
        ),
    ]
    raise SystemExit(0 if all(goals) else 1)


if __name__ == "__main__":
    main()
