"""`make release VERSION=x.y.z`: stamps and stores a release of the templates.

The entry `## Unreleased` of CHANGELOG.md becomes the release's, the package gets the
version, and `releases/` gets a snapshot of `templates/` with the digest of what every
combination renders to. Committing and tagging is left to the maintainer.
"""

import hashlib
import io
import json
import re
import sys
import tarfile
import tempfile
from pathlib import Path

import click

from scaffold.catalog import Catalog
from scaffold.compose import compose
from scaffold.questions import Questionnaire
from scaffold.releases import SUFFIX, number
from scaffold.render import render
from tests.toy import CHECKOUT
from tests.trees import contents

PACKAGE = CHECKOUT / "src" / "scaffold" / "__init__.py"
CHANGELOG = CHECKOUT / "CHANGELOG.md"
TEMPLATES = CHECKOUT / "templates"
SNAPSHOTS = CHECKOUT / "releases"


def snapshot(templates: Path, archive: Path) -> None:
    """Store templates as an archive; the same files give the same archive."""
    with tarfile.open(archive, "w:xz") as packed:
        for name, (data, executable) in sorted(contents(templates).items()):
            entry = tarfile.TarInfo(f"templates/{name}")
            entry.size = len(data)
            entry.mode = 0o755 if executable else 0o644
            packed.addfile(entry, io.BytesIO(data))


def digests(catalog: Catalog, version: str) -> dict[str, str]:
    """Return the digest of the files that each combination renders to, with fixed answers."""
    questionnaire = Questionnaire(catalog.folder / "copier.yml")
    found = {}
    for stack in catalog.stacks:
        for idea in catalog.ideas_of(stack):
            answers = questionnaire.resolve(
                {"idea": idea, "stack": stack, "project_name": "Größe & Co"}, {}, catalog.context
            )
            with tempfile.TemporaryDirectory() as folder:
                render(compose(catalog, answers, version), answers, Path(folder))
                tree = contents(Path(folder))
            sums = [f"{p} {x} {hashlib.sha256(d).hexdigest()}" for p, (d, x) in tree.items()]
            text = "\n".join(sorted(sums))
            found[f"{idea} {stack}"] = hashlib.sha256(text.encode()).hexdigest()
    return found


def refuse(problem: str) -> None:
    """Stop with a message."""
    click.echo(problem, err=True)
    raise SystemExit(2)


def stamp(version: str) -> None:
    """Write the version into the package and the changelog."""
    text = CHANGELOG.read_text("utf-8")
    if f"## {version}\n" not in text:
        if "## Unreleased\n" not in text:
            refuse("CHANGELOG.md has no entry '## Unreleased': write what the release brings.")
        text = text.replace("## Unreleased\n", f"## {version}\n", 1)
        CHANGELOG.write_text(text, encoding="utf-8")
    package = PACKAGE.read_text("utf-8")
    stamped = re.sub(r'__version__ = "[^"]+"', f'__version__ = "{version}"', package)
    PACKAGE.write_text(stamped, encoding="utf-8")


def main() -> None:
    """Release the version that the command line names."""
    version = sys.argv[1] if len(sys.argv) == 2 else ""  # noqa: PLR2004
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        refuse("Say which version: make release VERSION=1.2.3")
    stored = [path.name.removesuffix(SUFFIX) for path in SNAPSHOTS.glob(f"*{SUFFIX}")]
    newest = max(stored, key=number, default="0")
    if number(version) <= number(newest):
        refuse(f"{version} is not newer than {newest}, which is released.")
    stamp(version)
    SNAPSHOTS.mkdir(exist_ok=True)
    snapshot(TEMPLATES, SNAPSHOTS / (version + SUFFIX))
    text = json.dumps(digests(Catalog(TEMPLATES), version), indent=2, sort_keys=True)
    (SNAPSHOTS / f"{version}.json").write_text(f"{text}\n", encoding="utf-8")
    click.echo(f"Release {version} is stored. Now:\n  git commit -am 'Release {version}'")
    click.echo(f"  git tag v{version}")


if __name__ == "__main__":
    main()
