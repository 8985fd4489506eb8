import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound
from sqlalchemy.orm.exc import StaleDataError

from app.database import is_gone, is_unavailable


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


def refused(**details: object) -> IntegrityError:
    return IntegrityError("INSERT", None, DriverError(**details))


@pytest.mark.parametrize(
    "error",
    [
        NoResultFound(),  # nothing to read again
        StaleDataError(),  # nothing to change
        refused(sqlstate="23503"),  # nothing to refer to
        refused(sqlite_errorcode=sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY),
    ],
)
def test_what_somebody_has_just_deleted_is_gone(error: Exception) -> None:
    assert is_gone(error)


@pytest.mark.parametrize(
    "error",
    [
        refused(sqlstate="23505"),  # a value is there already
        refused(sqlite_errorcode=sqlite3.SQLITE_CONSTRAINT_UNIQUE),
        KeyError("id"),
    ],
)
def test_other_errors_do_not_look_like_it(error: Exception) -> None:
    assert not is_gone(error)
