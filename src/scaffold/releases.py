"""The templates of every release, so that old repositories can be rendered again.

A snapshot is `releases/<version>.tar.xz`: the folder `templates/` as it was released. All
of them travel inside the package and are read without a network. The templates of the
current version are the folder `templates/` itself.
"""

import json
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scaffold import __version__
from scaffold.catalog import Catalog, data_folder, templates_folder
from scaffold.errors import InputError

SUFFIX = ".tar.xz"


def number(version: str) -> tuple[int, ...]:
    """Return a version as numbers that compare; what is no version comes before all."""
    return tuple(map(int, version.split("."))) if re.fullmatch(r"\d+(\.\d+)*", version) else ()


@dataclass(frozen=True)
class Releases:
    """The releases that can be rendered.

    Args:
        snapshots: Folder of the snapshots.
        templates: The templates of the current version.
        current: The current version.
    """

    snapshots: Path
    templates: Path
    current: str

    @property
    def versions(self) -> list[str]:
        """All versions, oldest first."""
        names = {path.name.removesuffix(SUFFIX) for path in self.snapshots.glob(f"*{SUFFIX}")}
        return sorted(names | {self.current}, key=number)

    def require(self, version: str) -> None:
        """Make sure that a version can be rendered.

        Raises:
            InputError: It is newer than this tool, or there is no such release.
        """
        if version in self.versions:
            return
        if number(version) > number(self.current):
            raise InputError(
                f"Release {version} is newer than this scaffold, {self.current}.",
                "Upgrade scaffold itself first: `pip install --upgrade portfolio-scaffold`.",
            )
        known = ", ".join(self.versions)
        raise InputError(f"There is no release {version!r}.", f"The releases are: {known}.")

    @contextmanager
    def catalog(self, version: str) -> Iterator[Catalog]:
        """Give the catalogue of a release, for as long as the context lasts.

        Raises:
            InputError: There is no such release.
        """
        self.require(version)
        if version == self.current:
            yield Catalog(self.templates)
            return
        with tempfile.TemporaryDirectory(prefix="scaffold-release-") as folder:
            with tarfile.open(self.snapshots / (version + SUFFIX)) as archive:
                archive.extractall(folder, filter="data")
            yield Catalog(Path(folder) / "templates")

    def recorded(self, version: str) -> dict[str, str]:
        """Return the digest of each combination's files as they were at the release."""
        text = (self.snapshots / f"{version}.json").read_text(encoding="utf-8")
        digests: dict[str, str] = json.loads(text)
        return digests


def releases() -> Releases:
    """Return the releases that came with this package."""
    return Releases(data_folder("releases"), templates_folder(), __version__)


def changelog(after: str, until: str) -> str:
    """Return the entries of the changelog between two releases, newest first.

    Args:
        after: The older release, left out.
        until: The newer release, taken in.
    """
    text = data_folder("CHANGELOG.md").read_text(encoding="utf-8")
    entries = re.split(r"^(?=## \d)", text, flags=re.MULTILINE)[1:]
    wanted = [
        entry.strip()
        for entry in entries
        if number(after) < number(entry.split()[1]) <= number(until)
    ]
    return "\n\n".join(wanted)
