"""How many pairs of selections validation will compare, which is quadratic in selections that share a response name."""

from collections import defaultdict
from collections.abc import Iterable

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gql_sales.web.cost import refusal, response_name


def count_overlaps(document: DocumentNode, limit: int) -> int:
    """Pairs that validation will compare; COST_LIMIT_EXCEEDED above ``limit``. The document must have no cycles.

    Selections are merged as execution would merge them, path by path. The walk gives up after as many steps as pairs
    are allowed, so that what expands through fragments costs no more here than what repeats.
    """
    fragments: dict[str, FragmentDefinitionNode] = {}
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            fragments.setdefault(definition.name.value, definition)
    walk = _Walk(fragments, limit)
    walk.run(node.selection_set for node in document.definitions if isinstance(node, OperationDefinitionNode))
    # What no operation uses is validated all the same.
    for name, fragment in fragments.items():
        if name not in walk.reached:
            walk.run([fragment.selection_set])
    return walk.pairs


class _Walk:
    """Steps and pairs counted so far."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode], limit: int) -> None:
        self.fragments = fragments
        self.limit = limit
        self.steps = 0
        self.pairs = 0
        self.reached: set[str] = set()

    def run(self, roots: Iterable[SelectionSetNode]) -> None:
        """Walk everything below each of the roots, which are not merged with one another."""
        stack = [[root] for root in roots]
        while stack:
            stack.extend(self._merge(stack.pop()))

    def _merge(self, sets: list[SelectionSetNode]) -> Iterable[list[SelectionSetNode]]:
        """Count the pairs of one merged selection set; what lies below each of its fields is merged next."""
        counts: defaultdict[str, int] = defaultdict(int)
        below: defaultdict[str, list[SelectionSetNode]] = defaultdict(list)
        spread: set[str] = set()
        while sets:
            for selection in sets.pop().selections:
                self._step()
                if isinstance(selection, FieldNode):
                    name = response_name(selection)
                    counts[name] += 1
                    if selection.selection_set:
                        below[name].append(selection.selection_set)
                elif isinstance(selection, InlineFragmentNode):
                    sets.append(selection.selection_set)
                elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                    spread.add(selection.name.value)
                    if fragment := self.fragments.get(selection.name.value):
                        sets.append(fragment.selection_set)
        self.reached |= spread
        self._count([*counts.values(), len(spread)])
        return below.values()

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self.limit:
            raise refusal("merged selections", self.limit)

    def _count(self, groups: Iterable[int]) -> None:
        self.pairs += sum(size * (size - 1) // 2 for size in groups)
        if self.pairs > self.limit:
            raise refusal("merged selections", self.limit)
