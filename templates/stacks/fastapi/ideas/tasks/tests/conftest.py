"""What tests share: the stack's fixtures, and those of an organisation."""

# The last one replaces fixtures of the first.
pytest_plugins = [
    "tests.fixtures",
    "tests.passwords",
    "tests.redis",
    "tests.broker",
    "tests.people",
]
