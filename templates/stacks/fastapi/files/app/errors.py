"""What can go wrong in the application, without HTTP; app/problems.py makes answers of it."""


class NotFoundError(Exception):
    """What was asked for does not exist. The message is shown to the client."""


class DatabaseUnavailableError(Exception):
    """The database cannot be reached or does not answer in time."""
