"""Turn a project idea and a stack into a ready-to-run backend repository."""

__version__ = "0.3.1"
