"""One tree of errors, each with its exit code.

Every error that a person can cause carries two lines: what is wrong, and what to do
about it. `cli.main` is the only place that prints them.
"""


class ScaffoldError(Exception):
    """The operation failed.

    Args:
        problem: One line: what is wrong.
        remedy: One line: what to do about it.
    """

    exit_code = 1

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


class InputError(ScaffoldError):
    """Wrong usage or input: nothing was done."""

    exit_code = 2


class TemplateError(ScaffoldError):
    """A template is wrong: the fault is ours or a template author's, not the user's."""
