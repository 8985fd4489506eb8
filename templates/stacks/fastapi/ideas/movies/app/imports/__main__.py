"""Starts the import: `python -m app.imports movies movies.csv`."""

from app.imports.command import main

main()
