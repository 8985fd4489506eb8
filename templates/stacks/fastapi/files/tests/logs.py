"""The application's log, for tests to read."""

import json
from io import StringIO
from typing import Any


class Log(StringIO):
    """Takes the place of standard output."""

    def entries(self) -> list[dict[str, Any]]:
        """Return what was logged as JSON."""
        return [json.loads(line) for line in self.getvalue().splitlines()]
