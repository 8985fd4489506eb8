"""How much a GraphQL document may ask for.

A few lines can ask for millions of objects. So a document is weighed before it is executed: how
deep its fields are nested, and how many objects it may bring when every connection is full.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from strawberry.extensions import SchemaExtension

from app.graphql.connections import DEFAULT_FIRST, MAX_FIRST

MAX_TOKENS = 1000
MAX_DEPTH = 12
MAX_COST = 2000
# They hold a connection together and are no objects of their own.
FRAME = {"edges", "pageInfo"}


@dataclass(frozen=True)
class Weight:
    """What a part of a document asks for.

    Args:
        cost: How many objects.
        depth: How many fields are nested in one another.
    """

    cost: int = 0
    depth: int = 0


@dataclass
class Scale:
    """Weighs the operations of a document.

    Args:
        fragments: The document's fragments.
        variables: The values of its variables.
    """

    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    _known: dict[tuple[str, int], Weight] = field(default_factory=dict)

    def weigh(self, selections: SelectionSetNode, first: int = DEFAULT_FIRST) -> Weight:
        """Return what selections ask for, in a field that asks for so many edges."""
        weights = [self._weigh_one(selection, first) for selection in selections.selections]
        return Weight(
            sum(weight.cost for weight in weights),
            max((weight.depth for weight in weights), default=0),
        )

    def _weigh_one(self, selection: object, first: int) -> Weight:
        if isinstance(selection, FieldNode):
            return self._weigh_field(selection, first)
        if isinstance(selection, InlineFragmentNode):
            return self.weigh(selection.selection_set, first)
        if isinstance(selection, FragmentSpreadNode):
            return self._weigh_fragment(selection.name.value, first)
        return Weight()

    def _weigh_field(self, node: FieldNode, first: int) -> Weight:
        name = node.name.value
        # What describes the schema is the same for everybody; production does not answer it.
        if name.startswith("__") or node.selection_set is None:
            return Weight(depth=1)
        inner = self.weigh(node.selection_set, self._first(node))
        times = first if name == "edges" else 1
        return Weight(times * (inner.cost + (name not in FRAME)), inner.depth + 1)

    def _weigh_fragment(self, name: str, first: int) -> Weight:
        """Weigh a fragment once, however often it is spread: else spreads could multiply."""
        key = name, first
        if key not in self._known:
            # For a fragment within itself, which validation refuses afterwards.
            self._known[key] = Weight()
            fragment = self.fragments.get(name)
            if fragment:
                self._known[key] = self.weigh(fragment.selection_set, first)
        return self._known[key]

    def _first(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value: object = argument.value
                if isinstance(value, VariableNode):
                    value = self.variables.get(value.name.value, DEFAULT_FIRST)
                elif isinstance(value, IntValueNode):
                    value = _number(value)
                # More than the maximum is refused by the field itself.
                return min(max(value, 1), MAX_FIRST) if isinstance(value, int) else MAX_FIRST
        return DEFAULT_FIRST


def over_limit(document: DocumentNode, variables: Mapping[str, Any]) -> GraphQLError | None:
    """Return what is wrong with a document that asks for too much."""
    definitions = document.definitions
    fragments = {
        each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)
    }
    for operation in definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        known = {**_defaults(operation), **variables}
        weight = Scale(fragments, known).weigh(operation.selection_set)
        if weight.depth > MAX_DEPTH:
            text = f"The query may be {MAX_DEPTH} levels deep at most; this one has {weight.depth}."
            return GraphQLError(text, extensions={"code": "TOO_DEEP"})
        if weight.cost > MAX_COST:
            text = f"The query may cost {MAX_COST} objects at most; this one costs {weight.cost}."
            return GraphQLError(text, extensions={"code": "TOO_EXPENSIVE"})
    return None


def _defaults(operation: OperationDefinitionNode) -> dict[str, int]:
    """Return the numbers that an operation gives its variables itself."""
    return {
        definition.variable.name.value: _number(definition.default_value)
        for definition in operation.variable_definitions or ()
        if isinstance(definition.default_value, IntValueNode)
    }


def _number(node: IntValueNode) -> int:
    # Ten digits are more than any limit; thousands of them would only cost time.
    return int(node.value[:10])


class Limits(SchemaExtension):
    """Refuses a document that asks for too much, before it is validated or executed."""

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        assert context.graphql_document  # noqa: S101 - it has been parsed
        error = over_limit(context.graphql_document, context.variables or {})
        if error:
            context.pre_execution_errors = [error]
        yield
