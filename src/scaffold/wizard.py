"""The questions a person is asked in a terminal; flags leave gaps, this fills them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
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


@dataclass(frozen=True)
class Wizard:
    """Asks for what is missing, one question after the other, with a way back.

    Args:
        questionnaire: All questions.
        catalog: The ideas and stacks to choose from.
        given: Answers that flags gave, by question name: they are not asked.
        suggested: Defaults that come before the declared ones.
        path: Where the repository goes, or None to ask.
        check_path: Raises InputError for a path that cannot be used.
        release: The version of the templates.
    """

    questionnaire: Questionnaire
    catalog: Catalog
    given: Mapping[str, Answer]
    suggested: Mapping[str, str]
    path: Path | None
    check_path: Callable[[Path], None]
    release: str

    def ask(self) -> tuple[Answers, Path]:
        """Ask, show what would be made, and ask whether to make it.

        Returns:
            An answer to every question, and the path.

        Raises:
            InputError: An answer that a flag gave is not valid.
            KeyboardInterrupt: The person left.
        """
        gaps = [name for name in self.questionnaire.questions if name not in self.given]
        steps = [*gaps, *([] if self.path else ["path"]), "decision"]
        answers: dict[str, Any] = {**self.given, **({"path": self.path} if self.path else {})}
        questionary.print(HINT, style="fg:ansibrightblack")
        place = 0
        while place < len(steps):
            step = steps[place]
            reply = self._step(step, answers)
            if reply is Turn.LEAVE:
                raise KeyboardInterrupt
            if reply is Turn.BACK:
                place = max(place - 1, 0)
            else:
                answers[step], place = reply, place + 1
        return self._in_order(answers), answers["path"]

    def _in_order(self, answers: Mapping[str, Any]) -> Answers:
        return {name: answers[name] for name in self.questionnaire.questions}

    def _step(self, step: str, answers: Mapping[str, Any]) -> Any:
        """Take one step; return an answer, a path, or a turn."""
        context = {**self.questionnaire.hidden, **answers}
        if {"idea", "stack"} <= answers.keys():
            context["catalog"] = self.catalog.context(answers["idea"], answers["stack"])
        if step not in ("idea", "stack"):
            self._require_valid(context)
        if step == "idea":
            return _prompt(self._idea(answers))
        if step == "stack":
            return _prompt(self._stack(answers))
        if step == "path":
            reply = _prompt(self._path(answers))
            return reply if reply is Turn.BACK else _absolute(reply)
        if step == "decision":
            return self._decide(answers)
        question = self.questionnaire.questions[step]
        before = answers.get(step)
        if before is None:
            before = self.questionnaire.suggest(question, self.suggested, context)
        reply = _prompt(self._question(question, before, context))
        return reply if reply is Turn.BACK else question.parse(reply)

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

    def _path(self, answers: Mapping[str, Any]) -> questionary.Question:
        def check(text: str) -> bool | str:
            try:
                self.check_path(_absolute(text))
            except InputError as error:
                return f"{error.problem} {error.remedy}"
            return True

        before = answers.get("path", answers["project_slug"])
        return questionary.text("Folder to make it in:", default=str(before), validate=check)

    def _decide(self, answers: Mapping[str, Any]) -> Turn:
        """Show the answers and the files, and ask whether to make them."""
        chosen, path = self._in_order(answers), answers["path"]
        files = create.plan(self.catalog, create.ProjectSpec(path, chosen, self.release))
        screen.summary(chosen, path, files)
        choices = [Choice(turn.value, turn) for turn in (Turn.MAKE, Turn.BACK, Turn.LEAVE)]
        decision: Turn = _prompt(questionary.select("Make it?", choices, instruction=" "))
        return decision


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
