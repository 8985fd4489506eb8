"""The fixtures of the tests are those that every application has."""

pytest_plugins = ["tests.fixtures"]
