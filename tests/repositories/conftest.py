"""Fixtures for tests of generated repositories; docs/conformance.md tells how to use them."""

import fcntl
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.applications import Application
from tests.combinations import AUTHOR, CATALOG, COMBINATIONS, EXAMPLES, Combination
from tests.repositories.repository import OURS, Repository, clean_environment, shared_caches
from tests.repositories.services import DATABASES, Database, Servers, Services
from tests.servers import PostgreSQL

# What stacks print of an error that nobody caught.
STACK_TRACES = ("Traceback (most recent call last)", "UnhandledPromiseRejection", "    at Object.")


@pytest.fixture(autouse=True)
def without_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this project's environment out of what a generated repository starts."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


def is_wanted(item: pytest.Item, idea: str, stack: str) -> bool:
    """Tell whether a test belongs to the chosen combinations, its idea and its databases."""
    call = getattr(item, "callspec", None)
    if call is None:
        return not idea and not stack
    combination: Combination | None = call.params.get("repository")
    database, service = call.params.get("database"), call.params.get("service")
    about = item.get_closest_marker("idea")
    on = item.get_closest_marker("databases")
    return (
        combination is not None
        and idea in {"", combination.idea}
        and stack in {"", combination.stack}
        and (about is None or combination.idea in about.args)
        and (on is None or database is None or database in on.args)
        and (service is None or service in named_services(combination))
    )


def is_thorough(item: pytest.Item) -> bool:
    """Tell whether `make test` can do without a test: it takes long and rarely finds anything new.

    `make conformance` runs it before a release, and for whoever changes a combination. What is
    asked from outside takes of the two databases the one that people deploy on: the repository's
    own tests and its contract job have the other one.
    """
    call = getattr(item, "callspec", None)
    params = call.params if call else {}
    if params.get("database") == "embedded" or item.get_closest_marker("thorough"):
        return True
    return bool(item.get_closest_marker("one_idea")) and params["repository"] not in EXAMPLES


def named_services(combination: Combination) -> list[str]:
    """Return the services that a combination's idea names."""
    services: list[str] = CATALOG.context(combination.idea, combination.stack)["idea"]["services"]
    return services


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, before anything is made, what the run is not about."""
    idea, stack = config.getoption("--idea"), config.getoption("--stack")
    here = Path(__file__).parent
    wanted = [
        item for item in items if here not in item.path.parents or is_wanted(item, idea, stack)
    ]
    if not config.getoption("--table"):
        wanted = [item for item in wanted if not is_thorough(item)]
    if idea or stack:
        wanted = [item for item in wanted if here in item.path.parents]
    items[:] = wanted
    for item in wanted:
        call = getattr(item, "callspec", None)
        if call and here in item.path.parents:
            label(item, call.params["repository"])


def label(item: pytest.Item, combination: Combination) -> None:
    """Say in a test's reports which cell of docs/conformance.md it belongs to."""
    item.user_properties.append(("combination", str(combination)))
    if check := item.get_closest_marker("check"):
        item.user_properties.append(("check", check.args[0]))
    elif item.get_closest_marker("idea"):
        item.user_properties.append(("check", "idea"))


# One worker does all tests of a combination: they share a repository, and the ports on which
# its containers listen.
GROUPED = [
    pytest.param(combination, marks=pytest.mark.xdist_group(str(combination)), id=str(combination))
    for combination in COMBINATIONS
]


@pytest.fixture(scope="session", params=GROUPED)
def repository(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A fresh clone, with its libraries, of a repository as `scaffold new` makes it."""
    combination: Combination = request.param
    folder = tmp_path_factory.mktemp("repository")
    config = folder / "gitconfig"
    config.write_text("[user]\n\tname = Ada Lovelace\n\temail = ada@example.com\n")
    shared = tmp_path_factory.getbasetemp() / "shared" / combination.stack
    caches = shared_caches(combination.stack, shared)
    environment = clean_environment() | caches | {"GIT_CONFIG_GLOBAL": str(config)}
    command = [sys.executable, "-m", "scaffold", "new", "demo", "--json"]
    command += ["--idea", combination.idea, "--stack", combination.stack]
    command += [f"--{name.replace('_', '-')}={value}" for name, value in AUTHOR.items()]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"notes": []' in done.stdout, done.stdout  # locked and committed
    clone = Repository(folder / "demo", combination, caches).clone(folder)
    clone.install()
    return clone


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """One server of each kind, started when it is first asked for."""
    servers = Servers()
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def services(
    repository: Repository, servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> Services:
    """What the combination runs on."""
    return Services(servers, repository, tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgres(servers: Servers) -> PostgreSQL:
    """A PostgreSQL that runs."""
    return servers.postgres


@pytest.fixture(scope="module", params=DATABASES)
def database(request: Any) -> Database:
    """Runs a test twice: on the embedded database alone, and on all services of the idea."""
    name: Database = request.param
    return name


Start = Callable[..., Application]


def starter(repository: Repository, services: Services, folder: Path, stopping: ExitStack) -> Start:
    """Return the function that the fixture `start` gives to tests."""
    number = count(1)

    def start(
        database: Database,
        environment: Mapping[str, str] | None = None,
        *,
        beside: Application | None = None,
        **options: Any,
    ) -> Application:
        shared = services.environment(database) if beside is None else beside.services
        log = folder / f"log-{next(number)}"
        application = repository.application({**shared, **(environment or {})}, log, **options)
        stopping.callback(application.kill)
        application.start()
        return application

    return start


@pytest.fixture
def start(repository: Repository, services: Services, tmp_path: Path) -> Iterator[Start]:
    """Start applications, which are killed at the end: see docs/conformance.md."""
    with ExitStack() as stopping:
        yield starter(repository, services, tmp_path, stopping)


@pytest.fixture(scope="module")
def application(
    repository: Repository,
    services: Services,
    database: Database,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Application]:
    """The application on a migrated and seeded database, for all tests of a module."""
    with ExitStack() as stopping:
        start = starter(repository, services, tmp_path_factory.mktemp("served"), stopping)
        application = start(database)
        yield application
        application.stop()
        for words in STACK_TRACES:
            assert words not in application.printed


@pytest.fixture(scope="module")
def address(application: Application) -> str:
    """The address of the application."""
    return application.address


@pytest.fixture(scope="module")
def headers(repository: Repository, application: Application) -> dict[str, str]:
    """The headers of the demo account's requests; empty for an idea without accounts."""
    return repository.conformance.headers(application)


@pytest.fixture
def statements(services: Services) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the statements that PostgreSQL is sent: see docs/conformance.md."""
    return services.postgres.statements


@pytest.fixture(scope="module")
def engine() -> Iterator[None]:
    """A Docker engine that answers, for one worker at a time: all use the same ports and names."""
    found = shutil.which("docker")
    if not found or subprocess.run([found, "version"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker engine answers: start one, and these tests run")
    with (Path(tempfile.gettempdir()) / "scaffold-containers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
