"""Every combination that the catalogue offers, and enough option sets to see every layer."""

from dataclasses import dataclass
from typing import Any

from scaffold import __version__
from scaffold.catalog import Catalog, templates_folder
from scaffold.compose import Composition, compose
from scaffold.questions import Questionnaire

CATALOG = Catalog(templates_folder())
QUESTIONNAIRE = Questionnaire(CATALOG.folder / "copier.yml")
AUTHOR = {"author_name": "Ada Lovelace", "author_email": "ada@example.com"}


@dataclass(frozen=True)
class Combination:
    """An idea on a stack."""

    idea: str
    stack: str

    def __str__(self) -> str:
        """Return the name that tests carry."""
        return f"{self.idea}-{self.stack}"

    def answers(self, **given: Any) -> dict[str, Any]:
        """Return complete answers; the title is that of the idea unless it is given."""
        chosen = {"idea": self.idea, "stack": self.stack, **AUTHOR, **given}
        return QUESTIONNAIRE.resolve(chosen, {}, CATALOG.context)

    def compose(self, **given: Any) -> Composition:
        """Return the composition for such answers."""
        return compose(CATALOG, self.answers(**given), __version__)


COMBINATIONS = [
    Combination(idea, stack) for stack in CATALOG.stacks for idea in CATALOG.ideas_of(stack)
]
# One of each stack, for what is hardly about the idea.
EXAMPLES = [next(c for c in COMBINATIONS if c.stack == stack) for stack in CATALOG.stacks]


def option_sets() -> list[dict[str, Any]]:
    """Return sets of options such that every choice is in one, with every other choice once.

    Options own different files and templates only test them one by one, so all pairs would
    prove no more than each choice and each absence.
    """
    questions = [q for q in QUESTIONNAIRE.questions.values() if q.choices]
    values = {
        q.name: [[], *([v] for v in q.choices.values()), list(q.choices.values())]
        if q.multiple
        else list(q.choices.values())
        for q in questions
    }
    most = max(map(len, values.values()))
    return [{name: v[i % len(v)] for name, v in values.items()} for i in range(most)]


def rendered() -> list[tuple[Combination, dict[str, Any]]]:
    """Return what to render: each combination with the fewest and with the most options.

    One combination of each stack has every set: what an option is for is not about the idea.
    """
    sets = option_sets()

    def size(options: dict[str, Any]) -> int:
        return sum(len(chosen) for chosen in options.values() if isinstance(chosen, list))

    ends = [min(sets, key=size), max(sets, key=size)]
    return [(c, options) for c in COMBINATIONS for options in (sets if c in EXAMPLES else ends)]


RENDERED = rendered()
