import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError

from app.database import is_unavailable


class DriverError(Exception):
    """What a driver raises; SQLAlchemy wraps it."""

    def __init__(self, **details: object) -> None:
        vars(self).update(details)


def wrapped(**details: object) -> DBAPIError:
    return DBAPIError("SELECT 1", None, DriverError(**details))


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        wrapped(sqlstate="57P03"),  # the server is starting up
        wrapped(sqlstate="57014"),  # the statement took too long
        wrapped(sqlstate="40P01"),  # a deadlock, which another transaction survived
        wrapped(sqlstate="53300"),  # too many connections
        wrapped(sqlstate="08006"),  # the connection failed
        wrapped(sqlite_errorcode=sqlite3.SQLITE_CANTOPEN),
        wrapped(sqlite_errorcode=sqlite3.SQLITE_BUSY_SNAPSHOT),
    ],
)
def test_what_the_client_may_try_again_is_unavailability(error: Exception) -> None:
    assert is_unavailable(error)


@pytest.mark.parametrize(
    "error",
    [
        OSError("no such file"),
        wrapped(sqlstate="42P01"),  # no such table
        wrapped(sqlstate="23505"),  # a value is there already
        wrapped(sqlite_errorcode=sqlite3.SQLITE_ERROR),
        wrapped(sqlite_errorcode=sqlite3.SQLITE_CONSTRAINT_UNIQUE),
        wrapped(),
    ],
)
def test_our_own_mistakes_are_not(error: Exception) -> None:
    assert not is_unavailable(error)
