"""What an upgrade's outcome means, in a few words."""

from tests.upgrades.scenarios import Scenario
from tests.upgrades.tools import Outcome


def is_lost(scenario: Scenario, outcome: Outcome) -> bool:
    """Tell whether something that the learner wrote is nowhere in the work tree any more."""
    everything = b"\0".join(data for data, _ in outcome.tree.values())
    if scenario.conflicts:
        return scenario.wrote and b"MINE" not in everything
    wanted = [c.encode() if isinstance(c, str) else c for c in scenario.result.values() if c]
    marked = [content for content in wanted if b"MINE" in content]
    if outcome.conflicts:
        return bool(marked) and b"MINE" not in everything
    return any(content not in everything for content in marked)


def differences(scenario: Scenario, outcome: Outcome) -> list[str]:
    """Return how the tree differs from what the table says."""
    wrong = []
    for path, content in scenario.result.items():
        wanted = content.encode() if isinstance(content, str) else content
        found = outcome.tree.get(path, (None, False))[0]
        if found != wanted:
            wrong.append(f"{path}: {found!r} is not {wanted!r}")
    for path, mode in scenario.modes.items():
        if outcome.tree.get(path, (b"", None))[1] != mode:
            wrong.append(f"{path}: its mode")
    return wrong


def verdict(scenario: Scenario, outcome: Outcome | None) -> str:
    """Return the words for the comparison table."""
    if outcome is None:
        return "not expressible"
    code = "" if bool(outcome.code) == outcome.conflicts else f", exit {outcome.code}"
    if is_lost(scenario, outcome):
        return f"**lost**{code}"
    if outcome.conflicts:
        needless = "" if scenario.conflicts else "needless "
        return f"{needless}conflict{code}"
    if scenario.conflicts:
        return f"one side taken silently{code}"
    if outcome.code:
        return f"fails{code}"
    return "wrong tree" if differences(scenario, outcome) else "kept"
