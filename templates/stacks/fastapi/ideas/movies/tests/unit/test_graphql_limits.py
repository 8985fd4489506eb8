import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from app.graphql.limits import Scale, Weight, over_limit


def weight(query: str, **variables: object) -> Weight:
    document = parse(query)
    operation, *others = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    fragments = {
        each.name.value: each for each in others if isinstance(each, FragmentDefinitionNode)
    }
    return Scale(fragments, variables).weigh(operation.selection_set)


@pytest.mark.parametrize(
    ("query", "cost", "depth"),
    [
        ("{ __typename }", 0, 1),
        ("{ movie(id: 1) { title year } }", 1, 2),
        ("{ movies(first: 10) { edges { node { title } } } }", 11, 4),
        ("{ movies { edges { node { title } } pageInfo { endCursor } } }", 21, 4),
        ("{ movies(first: 10) { edges { node { cast(first: 5) { edges { node { id } } } } } } }",
         71, 7),
        ("query ($n: Int) { movies(first: $n) { edges { node { id } } } }", 8, 4),
        ("{ movies(first: 999999999999) { edges { node { id } } } }", 101, 4),
        ("{ a: movie(id: 1) { id } b: movie(id: 2) { id } }", 2, 2),
        ("{ ...A } fragment A on Query { movie(id: 1) { id } ... on Query { x { y } } }", 2, 2),
        ("{ ...A } fragment A on Query { ...A }", 0, 0),
        ("{ ...Nothing }", 0, 0),
        ("{ __schema { types { fields { name } } } }", 0, 1),
    ],
)  # fmt: skip
def test_every_object_counts_and_connections_count_as_if_they_were_full(
    query: str, cost: int, depth: int
) -> None:
    assert weight(query, n=7) == Weight(cost, depth)


def test_spreading_fragments_in_one_another_takes_no_time() -> None:
    fragments = " ".join(f"fragment F{n} on Q {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    query = f"{{ ...F0 }} {fragments} fragment F60 on Q {{ movie {{ id }} }}"
    error = over_limit(parse(query), {})
    assert error
    assert error.extensions == {"code": "TOO_EXPENSIVE"}
