"""The fixtures of the tests: those of every application, and people who are signed in."""

pytest_plugins = ["tests.fixtures", "tests.passwords", "tests.redis", "tests.people"]
