"""The handle in paths."""

from typing import Annotated

from fastapi import Path

Handle = Annotated[str, Path(min_length=1, max_length=30)]
