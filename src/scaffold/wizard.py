"""The questions a person is asked in a terminal; flags leave gaps, this fills them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import questionary
from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings
from questionary import Choice, Separator

from scaffold import create, screen
from scaffold.catalog import Catalog
from scaffold.errors import InputError
from scaffold.questions import MEND, Answer, Answers, Question, Questionnaire

HINT = "Enter accepts, Esc goes back, Ctrl-C leaves and writes nothing."


class Turn(Enum):
    """What a person can decide other than an answer."""

    BACK = "Go back and change an answer"
    MAKE = "Yes, make it"
    LEAVE = "No, leave and write nothing"


# What a step gives: what it learned, or a turn to take.
Reply = dict[str, Any] | Turn
Step = Callable[[Mapping[str, Any]], Reply]


@dataclass(frozen=True)
class Wizard:
    """Asks for what is missing, one question after the other, with a way back.

    Args:
        questionnaire: All questions.
        catalog: The ideas and stacks to choose from.
        given: Answers that are known, by question name: they are not asked.
        suggested: Defaults that come before the declared ones.
    """

    questionnaire: Questionnaire
    catalog: Catalog
    given: Mapping[str, Answer]
    suggested: Mapping[str, str] = field(default_factory=dict)

    def ask(
        self, path: Path | None, check_path: Callable[[Path], None], release: str
    ) -> tuple[Answers, Path]:
        """Ask, show what would be made, and ask whether to make it.

        Args:
            path: Where the repository goes, or None to ask.
            check_path: Raises InputError for a path that cannot be used.
            release: The version of the templates.

        Returns:
            An answer to every question, and the path.

        Raises:
            InputError: An answer that a flag gave is not valid.
            KeyboardInterrupt: The person left.
        """
        steps = self._gaps()
        if path is None:
            steps.append(lambda answers: self._ask_path(answers, check_path))
        steps.append(lambda answers: self._decide(answers, release))
        answers = self._walk(steps, {**self.given, **({"path": path} if path else {})})
        return self._in_order(answers), answers["path"]

    def fill(self) -> Answers:
        """Ask only for what is missing, and return an answer to every question.

        Raises:
            InputError: An answer that was given is not valid.
            KeyboardInterrupt: The person left.
        """
        return self._in_order(self._walk(self._gaps(), dict(self.given)))

    def _gaps(self) -> list[Step]:
        return [
            partial(self._answer, name)
            for name in self.questionnaire.questions
            if name not in self.given
        ]

    def _walk(self, steps: Sequence[Step], answers: dict[str, Any]) -> dict[str, Any]:
        """Take the steps in order, and back; each adds what it learned to the answers."""
        if steps:
            questionary.print(HINT, style="fg:ansibrightblack")
        place = 0
        while place < len(steps):
            reply = steps[place](answers)
            if reply is Turn.LEAVE:
                raise KeyboardInterrupt
            if isinstance(reply, Turn):
                place = max(place - 1, 0)
            else:
                answers |= reply
                place += 1
        self._require_valid(self._context(answers))
        return answers

    def _in_order(self, answers: Mapping[str, Any]) -> Answers:
        return {name: answers[name] for name in self.questionnaire.questions}

    def _context(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        context = {**self.questionnaire.hidden, **answers}
        if {"idea", "stack"} <= answers.keys():
            context["catalog"] = self.catalog.context(answers["idea"], answers["stack"])
        return context

    def _answer(self, name: str, answers: Mapping[str, Any]) -> Reply:
        """Ask one question."""
        question = self.questionnaire.questions[name]
        if name == "idea":
            prompt = self._idea(answers)
        elif name == "stack":
            prompt = self._stack(answers)
        else:
            context = self._context(answers)
            self._require_valid(context)
            before = answers.get(name)
            if before is None:
                before = self.questionnaire.suggest(question, self.suggested, context)
            prompt = self._question(question, before, context)
        reply = _prompt(prompt)
        return reply if isinstance(reply, Turn) else {name: question.parse(reply)}

    def _require_valid(self, context: Mapping[str, Any]) -> None:
        for name, answer in self.given.items():
            question = self.questionnaire.questions[name]
            problem = self.questionnaire.problem(question, answer, context)
            if problem:
                raise InputError(f"{question.flag} {problem}.", MEND)

    def _question(
        self, question: Question, before: Answer, context: Mapping[str, Any]
    ) -> questionary.Question:
        """Build the prompt of a question, with an answer to start from."""

        def check(given: object) -> bool | str:
            problem = self.questionnaire.problem(question, question.parse(given), context)
            return f"Sorry, {problem}." if problem else True

        message = f"{question.help}:"
        if question.multiple:
            choices = [
                Choice(label, value, checked=value in before)
                for label, value in question.choices.items()
            ]
            marks = "(space marks, Enter accepts)"
            return questionary.checkbox(message, choices, validate=check, instruction=marks)
        if question.choices:
            choices = [Choice(label, value) for label, value in question.choices.items()]
            return questionary.select(message, choices, default=str(before), instruction=" ")
        return questionary.text(message, default=str(before), validate=check)

    def _idea(self, answers: Mapping[str, Any]) -> questionary.Question:
        """Offer all ideas by level; those that a stack given by flag cannot make are off."""
        stack = answers.get("stack")
        possible = self.catalog.ideas_of(stack) if stack else self.catalog.ideas
        entries = [self.catalog.idea(name) for name in self.catalog.ideas]
        choices: list[Choice | Separator] = []
        for level, group in groupby(entries, key=lambda entry: str(entry.data["level"])):
            choices.append(Separator(f"  {level.capitalize()}"))
            choices += [
                Choice(
                    entry.title,
                    entry.name,
                    description=str(entry.data["pitch"]),
                    disabled=None if entry.name in possible else f"not on {stack}",
                )
                for entry in group
            ]
        return questionary.select(
            "What do you want to build?",
            choices,
            default=answers.get("idea"),
            instruction=" ",
            show_description=True,
        )

    def _stack(self, answers: Mapping[str, Any]) -> questionary.Question:
        """Offer the stacks that make the chosen idea."""
        names = self.catalog.stacks_of(answers["idea"])
        entries = [self.catalog.stack(name) for name in names]
        choices = [
            Choice(entry.title, entry.name, description=str(entry.data["summary"]))
            for entry in entries
        ]
        before = answers.get("stack")
        return questionary.select(
            "With which stack?",
            choices,
            default=before if before in names else None,
            instruction=" ",
            show_description=True,
        )

    def _ask_path(self, answers: Mapping[str, Any], check_path: Callable[[Path], None]) -> Reply:
        def check(text: str) -> bool | str:
            try:
                check_path(_absolute(text))
            except InputError as error:
                return f"{error.problem} {error.remedy}"
            return True

        before = str(answers.get("path", answers["project_slug"]))
        reply = _prompt(questionary.text("Folder to make it in:", before, validate=check))
        return reply if isinstance(reply, Turn) else {"path": _absolute(reply)}

    def _decide(self, answers: Mapping[str, Any], release: str) -> Reply:
        """Show the answers and the files, and ask whether to make them."""
        chosen, path = self._in_order(answers), answers["path"]
        files = create.plan(self.catalog, create.ProjectSpec(path, chosen, release))
        screen.summary(chosen, path, files)
        choices = [Choice(turn.value, turn) for turn in (Turn.MAKE, Turn.BACK, Turn.LEAVE)]
        turn: Turn = _prompt(questionary.select("Make it?", choices, instruction=" "))
        return {} if turn is Turn.MAKE else turn


def _absolute(text: str) -> Path:
    return Path(text.strip()).expanduser().absolute()


def _prompt(question: questionary.Question) -> Any:
    """Show a prompt and return the answer, or Turn.BACK when Escape was pressed."""
    keys = KeyBindings()

    @keys.add("escape")
    @keys.add("s-tab")
    def _(event: Any) -> None:
        event.app.erase_when_done = True  # a question that was left is asked again below
        event.app.exit(result=Turn.BACK)

    application = question.application
    application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), keys])
    # Seconds until Esc alone is no longer taken for the start of an arrow key or of Alt+key.
    application.ttimeoutlen = application.timeoutlen = 0.1
    return question.unsafe_ask()
