"""The questions of `templates/copier.yml`: parsing, defaults and validation.

Copier asks questions only while it renders. Flags, the wizard, `--dry-run` and
`scaffold list options` need them earlier, so this module reads the same declarations
with the same meaning (https://copier.readthedocs.io/en/stable/configuring/#questions):
a test holds the two together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scaffold.catalog import nearest, read_yaml
from scaffold.errors import InputError

Answer = str | list[str]
Answers = dict[str, Any]
Context = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """One declaration of copier.yml.

    Args:
        name: Variable name, as in templates.
        help: What is asked, in a few words.
        choices: Label to value; empty where any text may be given.
        multiple: Whether any number of the choices may be given.
        default: Jinja source of the default, or a list of values; None: it must be given.
        validator: Jinja source that renders to what is wrong with the answer, or to "".
    """

    name: str
    help: str
    choices: Mapping[str, str]
    multiple: bool
    default: Answer | None
    validator: str

    @property
    def flag(self) -> str:
        """The command-line option that answers this question."""
        return "--" + self.name.replace("_", "-")

    def parse(self, given: object) -> Answer:
        """Turn what a person gave into an answer: trimmed text, or choices in their order.

        Args:
            given: Text (choices separated by commas), or a list from a YAML file.

        Raises:
            InputError: It is neither.
        """
        if self.multiple:
            parts = given.split(",") if isinstance(given, str) else given
            if isinstance(parts, Sequence) and all(isinstance(part, str) for part in parts):
                known = list(self.choices.values())
                order = {value: place for place, value in enumerate(known)}
                wanted = dict.fromkeys(part.strip() for part in parts if part.strip())
                return sorted(wanted, key=lambda value: order.get(value, len(known)))
        elif isinstance(given, str | int | float) and not isinstance(given, bool):
            return str(given).strip()
        kind = "a list of choices" if self.multiple else "text"
        raise InputError(f"{self.flag}: {given!r} is not {kind}.", f"Give {kind}.")


class Questionnaire:
    """All questions, in the order in which they are asked.

    Args:
        path: A copier.yml.
    """

    def __init__(self, path: Path) -> None:
        self.declared = read_yaml(path)
        self._compiled: dict[str, Any] = {}

    @property
    def settings(self) -> dict[str, Any]:
        """Copier's own settings: the keys that start with an underscore."""
        return {key: value for key, value in self.declared.items() if key.startswith("_")}

    @cached_property
    def hidden(self) -> dict[str, Any]:
        """Values of the questions that are never asked (`when: false`)."""
        return {
            name: question["default"]
            for name, question in self.declared.items()
            if not name.startswith("_") and question.get("when") is False
        }

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Questions by name."""
        return {
            name: Question(
                name=name,
                help=question["help"],
                choices=question.get("choices", {}),
                multiple=question.get("multiselect", False),
                default=question.get("default"),
                validator=question.get("validator", ""),
            )
            for name, question in self.declared.items()
            if not name.startswith("_") and name not in self.hidden
        }

    def require(self, name: str) -> Question:
        """Return a question by name.

        Raises:
            InputError: There is no such question.
        """
        if name not in self.questions:
            raise InputError(
                f"There is no question called {name!r}.", nearest(name, list(self.questions))
            )
        return self.questions[name]

    def default(self, question: Question, context: Context) -> Answer | None:
        """Return the default of a question, given the answers before it; None: it has none."""
        if not isinstance(question.default, str):
            return question.default
        return self._render(question.default, context)

    def problem(self, question: Question, answer: Answer, context: Context) -> str:
        """Return what is wrong with an answer, in words that follow "it", or ""."""
        values = list(question.choices.values())
        if values:
            wrong = [part for part in _as_list(answer) if part not in values]
            if wrong:
                return f"{wrong[0]!r} is not one of the choices. {nearest(wrong[0], values)}"
        return self._render(question.validator, {**context, question.name: answer})

    def resolve(
        self,
        given: Mapping[str, Answer],
        suggested: Mapping[str, str],
        catalog: Callable[[str, str], Context],
    ) -> Answers:
        """Complete and validate answers without asking anybody.

        Args:
            given: Answers by question name, parsed.
            suggested: Defaults that come before the declared ones (from Git, from the path).
            catalog: Gives the context of an idea and a stack, by their names.

        Returns:
            An answer to every question.

        Raises:
            InputError: Something is missing or invalid: all of it in one error, each with
                the flag that mends it; or an idea and stack do not exist or go together.
        """
        missing = [
            question.flag
            for question in self.questions.values()
            if question.default is None and question.name not in given
        ]
        if missing:
            raise InputError(
                f"Missing: {', '.join(missing)}.",
                "Give these options, or run `scaffold new` in a terminal to be asked; "
                "`scaffold list` shows what there is.",
            )
        answers: Answers = {}
        problems = []
        context: dict[str, Any] = {**self.hidden}
        for name, question in self.questions.items():
            if "catalog" not in context and {"idea", "stack"} <= answers.keys():
                context["catalog"] = catalog(answers["idea"], answers["stack"])
            answer = given[name] if name in given else self.suggest(question, suggested, context)
            problem = self.problem(question, answer, context)
            if problem:
                problems.append(f"{question.flag} {problem}")
            answers[name] = context[name] = answer
        if problems:
            raise InputError(" ".join(f"{line.rstrip('.')}." for line in problems), MEND)
        return answers

    def suggest(self, question: Question, suggested: Mapping[str, str], context: Context) -> Answer:
        """Return the answer that a question gets when nobody gives one.

        A suggestion that would not be valid is passed over: nobody asked for it.
        """
        answer = suggested.get(question.name)
        if answer is not None and not self.problem(question, answer, context):
            return answer
        default = self.default(question, context)
        return "" if default is None else default

    @cached_property
    def _environment(self) -> Any:
        from jinja2 import StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        return SandboxedEnvironment(
            undefined=StrictUndefined,
            extensions=[
                "jinja2_ansible_filters.AnsibleCoreFiltersExtension",
                *self.settings["_jinja_extensions"],
            ],
        )

    def _render(self, source: str, context: Context) -> str:
        # Most validators and defaults are one plain word: no need for a template engine.
        if "{" not in source:
            return source
        if source not in self._compiled:
            self._compiled[source] = self._environment.from_string(source)
        return str(self._compiled[source].render(context)).strip()


def key_values(settings: Sequence[str]) -> dict[str, object]:
    """Turn `key=value` texts into a mapping; a hyphen in a key is an underscore.

    Raises:
        InputError: A text has no equals sign.
    """
    given: dict[str, object] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise InputError(f"--set {setting!r} has no '='.", "Write --set key=value.")
        given[name.strip().replace("-", "_")] = value
    return given


MEND = "Mend these options and run it again; nothing was written."


def _as_list(answer: Answer) -> list[str]:
    return [answer] if isinstance(answer, str) else answer
