"""The servers and databases that a generated application runs on in a test."""

import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar
from uuid import uuid4

from tests.repositories.repository import Repository
from tests.servers import PostgreSQL, RabbitMQ, Redis

Server = TypeVar("Server", PostgreSQL, Redis, RabbitMQ)
Database = Literal["embedded", "postgresql"]
DATABASES: tuple[Database, ...] = ("embedded", "postgresql")


class Servers:
    """One server of each kind, started when it is first asked for."""

    def __init__(self) -> None:
        self._started: list[PostgreSQL | Redis | RabbitMQ] = []

    @cached_property
    def postgres(self) -> PostgreSQL:
        """A PostgreSQL."""
        return self._start(PostgreSQL())

    @cached_property
    def redis(self) -> Redis:
        """A Redis."""
        return self._start(Redis())

    @cached_property
    def rabbitmq(self) -> RabbitMQ:
        """A RabbitMQ."""
        return self._start(RabbitMQ())

    def _start(self, server: Server) -> Server:
        server.start()
        self._started.append(server)
        return server

    def close(self) -> None:
        """Stop them all."""
        for server in self._started:
            server.close()


@dataclass(frozen=True)
class Services:
    """What one combination runs on.

    `embedded` is nothing but a file; `postgresql` is every server that the idea names.

    Args:
        servers: The servers.
        repository: The combination's repository.
        folder: For embedded databases.
    """

    servers: Servers
    repository: Repository
    folder: Path
    _prepared: dict[Database, str] = field(default_factory=dict)

    def names(self, service: str) -> bool:
        """Tell whether the idea names a service: postgres, redis, rabbitmq."""
        return service in self.repository.services

    @property
    def postgres(self) -> PostgreSQL:
        """The PostgreSQL, for tests that stop it or read what it is sent."""
        return self.servers.postgres

    @property
    def redis(self) -> Redis:
        """The Redis."""
        return self.servers.redis

    @property
    def rabbitmq(self) -> RabbitMQ:
        """The RabbitMQ."""
        return self.servers.rabbitmq

    def server(self, service: str) -> Redis | RabbitMQ:
        """Return one of the servers beside the database, by its name."""
        return self.redis if service == "redis" else self.rabbitmq

    def environment(self, database: Database) -> dict[str, str]:
        """Return DATABASE_URL of a new migrated and seeded database, and empty other services."""
        return {"DATABASE_URL": self.database(database), **self.others(database)}

    def others(self, database: Database, prefix: str = "") -> dict[str, str]:
        """Return REDIS_URL and AMQP_URL, where the idea names the service, both empty."""
        if database == "embedded":
            return {}
        found = {}
        if self.names("redis"):
            # Of its own: applications on other databases may still run.
            found[f"{prefix}REDIS_URL"] = self.redis.database()
        if self.names("rabbitmq"):
            found[f"{prefix}AMQP_URL"] = self.rabbitmq.virtual_host()
        return found

    def database(self, database: Database) -> str:
        """Return the URL of a new migrated and seeded database.

        Migrating and seeding is done once; what follows are copies.
        """
        if database not in self._prepared:
            made = self._copy(database, like="")
            environment = self.repository.conformance.environment | {"DATABASE_URL": made}
            for command in ("migrate", "seed"):
                self.repository.run(self.repository.commands(command), **environment)
            self._prepared[database] = made
        return self._copy(database, like=self._prepared[database])

    def _copy(self, database: Database, like: str) -> str:
        if database == "postgresql":
            return self.postgres.database(like)
        folder = self.folder / (uuid4().hex if like else "prepared")
        if like:
            shutil.copytree(self.folder / "prepared", folder)
        else:
            folder.mkdir()
        return str(self.repository.stack["temporary_database"]).format(directory=folder)
