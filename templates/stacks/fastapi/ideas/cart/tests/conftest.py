"""What tests share: the stack's fixtures, and those of the shop."""

pytest_plugins = ["tests.fixtures", "tests.passwords", "tests.redis", "tests.broker", "tests.shop"]
