"""Prints a schema in one order whatever the order of the code, so that files and diffs show only what changed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    Node,
    Visitor,
    parse,
    print_ast,
    specified_directives,
    visit,
)
from strawberry.printer import print_schema

from gql_sales.web.guarded_schema import SalesSchema

N = TypeVar("N")
SORTED = ("fields", "values", "arguments", "interfaces", "types")
"""What of a definition has no order of its own."""
STANDARD = {directive.name for directive in specified_directives}


def sdl(schema: SalesSchema) -> str:
    """The SDL with descriptions and directives, alphabetical throughout."""
    document = visit(parse(print_schema(schema)), _Sorting())
    kept = [node for node in document.definitions if not _is_standard(node)]
    return print_ast(DocumentNode(definitions=tuple(sorted(kept, key=_place)))) + "\n"


class _Sorting(Visitor):
    """Sorts the parts of every definition; arguments of an applied directive keep the order of its definition."""

    def leave(self, node: Node, *_: Any) -> Node | None:  # noqa: ANN401 (what graphql-core passes)
        """Called for every node, inner ones first; None leaves it as it is."""
        if isinstance(node, ConstDirectiveNode):
            return None
        sorted_: dict[str, Any] = {}
        for name in SORTED:
            parts: Sequence[Any] | None = getattr(node, name, None)
            if parts and all(hasattr(part, "name") for part in parts):
                sorted_[name] = tuple(_by_name(parts))
        return replace(node, **sorted_) if sorted_ else None


def _is_standard(node: Node) -> bool:
    """Strawberry prints its own definition of @oneOf, which every GraphQL implementation brings along."""
    return isinstance(node, DirectiveDefinitionNode) and node.name.value in STANDARD


def _by_name(parts: Iterable[N]) -> list[N]:
    return sorted(parts, key=_name)


def _name(node: Any) -> tuple[str, str]:  # noqa: ANN401 (a node with a name)
    """As people's dictionaries do, and the linters with them: case matters last, and _ comes before letters."""
    text: str = node.name.value
    return text.lower().replace("_", " "), text.swapcase()


def _place(definition: Any) -> tuple[bool, tuple[str, str]]:  # noqa: ANN401 (a definition)
    """Directives first, then types."""
    return definition.kind != "directive_definition", _name(definition)
