"""A scenario, run through `scaffold upgrade`, `copier update` and `cruft update`."""

import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scaffold.catalog import Catalog
from scaffold.compose import SUFFIX, compose
from scaffold.create import ProjectSpec, create
from scaffold.errors import ScaffoldError
from scaffold.questions import Questionnaire
from scaffold.releases import Releases
from scaffold.upgrade import UpgradeSpec, upgrade
from tests import toy
from tests.trees import contents
from tests.upgrades.scenarios import Scenario

OLD, NEW = "1.0.0", "2.0.0"


@dataclass(frozen=True)
class Outcome:
    """What a tool made of a scenario.

    Args:
        code: Its exit code.
        tree: Path to bytes and executable bit, in the work tree.
        conflicts: Whether it left conflicts for a person, in any form.
    """

    code: int
    tree: dict[str, tuple[bytes, bool]]
    conflicts: bool


def git(folder: Path, *arguments: str) -> str:
    """Run Git; it must succeed."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, message: str) -> None:
    """Commit everything, if there is anything."""
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", f"--message={message}")


def two_releases(scenario: Scenario, folder: Path) -> Releases:
    """Write the templates of both releases; the older one only as its snapshot."""
    templates = toy.write(folder / "templates")
    for path, content in scenario.base.items():
        target = templates / "common" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    snapshots = folder / "releases"
    snapshots.mkdir()
    with tarfile.open(snapshots / f"{OLD}.tar.xz", "w:xz") as archive:
        archive.add(templates, "templates")
    for action in scenario.theirs:
        action(templates / "common")
    declared = yaml.safe_load((templates / "copier.yml").read_text("utf-8"))
    scenario.questions(declared)
    text = yaml.safe_dump(declared, sort_keys=False, allow_unicode=True)
    (templates / "copier.yml").write_text(text, encoding="utf-8")
    return Releases(snapshots, templates, NEW)


def answers(catalog: Catalog) -> dict[str, Any]:
    """Return the answers that every scenario starts with."""
    questionnaire = Questionnaire(catalog.folder / "copier.yml")
    chosen = {"idea": "todo", "stack": "plain", "project_name": "Demo"}
    author = {"author_name": "Ada Lovelace", "author_email": "ada@example.com"}
    return questionnaire.resolve(chosen | author, {}, catalog.context)


def start(releases: Releases, scenario: Scenario, path: Path) -> Path:
    """Make the repository with the old release and do what the learner did."""
    with releases.catalog(OLD) as catalog:
        create(catalog, ProjectSpec(path, answers(catalog), OLD, lock=False))
    if scenario.mine:
        for action in scenario.mine:
            action(path)
        commit(path, "mine")
    return path


def by_scaffold(scenario: Scenario, folder: Path) -> Outcome:
    """Run `scaffold upgrade --in-place --defaults`."""
    releases = two_releases(scenario, folder)
    path = start(releases, scenario, folder / "demo")
    code = 0
    try:
        upgrade(releases, UpgradeSpec(path, given=scenario.given, in_place=True))
    except ScaffoldError as error:
        code = error.exit_code
    return Outcome(code, contents(path), bool(git(path, "ls-files", "--unmerged")))


def by_copier(scenario: Scenario, folder: Path) -> Outcome:
    """Run `copier update` on the same templates, composed and tagged in a Git repository."""
    releases = two_releases(scenario, folder)
    template, path = folder / "template", folder / "demo"
    git(folder, "init", "--quiet", str(template))
    for version in (OLD, NEW):
        for entry in template.iterdir():
            if entry.name != ".git":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        with releases.catalog(version) as catalog:
            # One template holds the files of every answer, as Copier's templates do.
            composition = compose(catalog, answers(catalog) | _vps(catalog), version)
            composition.write_template(template)
        stored = template / "template" / f".copier-answers.yml{SUFFIX}"
        stored.write_text("{{ _copier_answers | to_nice_yaml }}\n", encoding="utf-8")
        _conditional(template / "template" / "docs", "vps.md", "'vps' in deploy")
        _conditional(template / "template", f"LICENSE{SUFFIX}", "license == 'MIT'")
        commit(template, version)
        git(template, "tag", version)
    with releases.catalog(OLD) as catalog:
        first = answers(catalog)
    _copier("copy", f"--vcs-ref={OLD}", *_data(first), str(template), str(path))
    git(folder, "init", "--quiet", str(path))
    commit(path, "start")
    for action in scenario.mine:
        action(path)
    commit(path, "mine")
    given = {
        name: Questionnaire(releases.templates / "copier.yml").questions[name].parse(value)
        for name, value in scenario.given.items()
    }
    code = _copier("update", f"--vcs-ref={NEW}", *_data(given), str(path))
    return Outcome(code, contents(path), _conflicts(path))


def _vps(catalog: Catalog) -> dict[str, Any]:
    offered = Questionnaire(catalog.folder / "copier.yml").questions["deploy"].choices.values()
    licenses = Questionnaire(catalog.folder / "copier.yml").questions["license"].choices.values()
    return {
        "deploy": ["vps"] if "vps" in offered else [],
        "license": "MIT" if "MIT" in licenses else "none",
    }


def _conditional(folder: Path, name: str, condition: str) -> None:
    if (folder / name).exists():
        shown, suffix = name.removesuffix(SUFFIX), SUFFIX if name.endswith(SUFFIX) else ""
        (folder / name).rename(folder / f"{{% if {condition} %}}{shown}{{% endif %}}{suffix}")
        if not suffix:
            made = folder / f"{{% if {condition} %}}{shown}{{% endif %}}"
            made.rename(made.with_name(made.name + SUFFIX))


def _data(values: dict[str, Any]) -> list[str]:
    return [
        f"--data={name}={yaml.safe_dump(value, default_flow_style=True).splitlines()[0]}"
        if isinstance(value, list)
        else f"--data={name}={value}"
        for name, value in values.items()
    ]


def _copier(command: str, *arguments: str) -> int:
    program = Path(sys.executable).with_name("copier")
    done = subprocess.run(
        [str(program), command, "--trust", "--defaults", "--quiet", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    return done.returncode


def by_cruft(scenario: Scenario, folder: Path) -> Outcome | None:
    """Run `cruft update`; None where its templates cannot express the scenario."""
    if scenario.is_about_answers:
        return None
    releases = two_releases(scenario, folder)
    template, path = folder / "template", folder / "demo"
    git(folder, "init", "--quiet", str(template))
    for version in (OLD, NEW):
        shutil.rmtree(template / "{{cookiecutter.name}}", ignore_errors=True)
        with releases.catalog(version) as catalog:
            spec = ProjectSpec(folder / version, answers(catalog), version, git=False, lock=False)
            create(catalog, spec)
        shutil.move(folder / version, template / "{{cookiecutter.name}}")
        (template / "cookiecutter.json").write_text(
            '{"name": "demo", "_copy_without_render": ["*"]}', encoding="utf-8"
        )
        commit(template, version)
        git(template, "tag", version)
    create_ = ["create", str(template), "--checkout", OLD, "--no-input", "--output-dir"]
    _cruft(folder, *create_, str(folder))
    git(folder, "init", "--quiet", str(path))
    commit(path, "start")
    for action in scenario.mine:
        action(path)
    commit(path, "mine")
    code = _cruft(path, "update", "--skip-apply-ask", "--checkout", NEW)
    return Outcome(code, contents(path), _conflicts(path))


def _cruft(folder: Path, *arguments: str) -> int:
    program = Path(sys.executable).with_name("cruft")
    done = subprocess.run(
        [str(program), *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode


def _conflicts(path: Path) -> bool:
    """Tell whether a tool left conflicts: unmerged entries, markers, or rejected hunks."""
    if git(path, "ls-files", "--unmerged"):
        return True
    return any(
        name.endswith(".rej") or b"\n<<<<<<<" in b"\n" + data
        for name, (data, _) in contents(path).items()
    )
