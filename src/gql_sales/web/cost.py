"""One linear pass over a document that says how large it is, before validation or execution spend anything on it.

Each fragment is looked at once, whatever spreads it: the usual limiters walk a fragment again for every path to it,
which a chain of fragments that each spread the next one twice turns into hours (reliability.md 1).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.directives import Cost
from gql_sales.web.limits import (
    BULK_ENTRIES,
    INTROSPECTION_COST,
    INTROSPECTION_DEPTH,
    INTROSPECTIONS,
    MUTATION_COST,
    PAGE_SIZE,
    SELECTION_NESTING,
    Limits,
)

ROWS = ("edges", "nodes")
"""Fields of a connection that hold one object for each row of the page."""
INTROSPECTION = {"__schema": "__Schema", "__type": "__Type"}
"""Fields that no type lists, and what they return."""
INTROSPECTION_LISTS = ("fields", "inputFields", "interfaces", "possibleTypes")
"""Fields of ``__Type`` that lead to more types; one inside another multiplies the whole schema by itself."""
ENORMOUS = 10**9
"""Sums stop growing here; it is far above every limit and keeps the arithmetic small."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection set asks for; ``rows`` is the part that a connection multiplies by its page size.

    ``entries`` are those of bulk calls: they cost, but their number has a limit of its own.
    """

    depth: int = 0
    fixed: int = 0
    rows: int = 0
    entries: int = 0
    introspection_depth: int = 0
    introspection_lists: int = 0

    def __add__(self, other: "Size") -> "Size":
        """Side by side in one selection set."""
        return Size(
            max(self.depth, other.depth),
            min(ENORMOUS, self.fixed + other.fixed),
            min(ENORMOUS, self.rows + other.rows),
            min(ENORMOUS, self.entries + other.entries),
            max(self.introspection_depth, other.introspection_depth),
            max(self.introspection_lists, other.introspection_lists),
        )


NOTHING = Size()
ROOT_KINDS = {
    OperationType.QUERY: "query_type",
    OperationType.MUTATION: "mutation_type",
    OperationType.SUBSCRIPTION: "subscription_type",
}


@dataclass(slots=True)
class Survey:
    """The pass over one document; ``variables`` are the caller's, not yet checked."""

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, object]
    aliases: int = 0
    introspections: int = 0
    is_cyclic: bool = False
    """Whether a fragment spreads itself; known after ``measure``."""
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    sizes: dict[str, Size | None] = field(default_factory=dict)
    defaults: dict[str, ValueNode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The first of several fragments with one name counts; validation refuses the others."""
        for definition in self.document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                self.fragments.setdefault(definition.name.value, definition)

    def measure(self, operation: OperationDefinitionNode) -> Size:
        """The size of one operation; aliases are counted in the whole document, since all of it is validated."""
        # The chosen one comes first: a fragment's page sizes may be variables with other defaults elsewhere.
        size = self._operation(operation)
        for definition in self.document.definitions:
            if isinstance(definition, OperationDefinitionNode) and definition is not operation:
                self._operation(definition)
            elif isinstance(definition, FragmentDefinitionNode):
                self._fragment(definition.name.value, 0)
        return size

    def root_names(self, operation: OperationDefinitionNode) -> set[str]:
        """The different response names at the root of an operation."""
        names: set[str] = set()
        seen: set[str] = set()
        stack = [operation.selection_set]
        while stack:
            for selection in stack.pop().selections:
                if isinstance(selection, FieldNode):
                    names.add(response_name(selection))
                elif isinstance(selection, InlineFragmentNode):
                    stack.append(selection.selection_set)
                elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                    seen.add(selection.name.value)
                    fragment = self.fragments.get(selection.name.value)
                    stack.extend([fragment.selection_set] if fragment else [])
        return names

    def _operation(self, operation: OperationDefinitionNode) -> Size:
        self.defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
            if definition.default_value is not None
        }
        root: GraphQLObjectType | None = getattr(self.schema, ROOT_KINDS[operation.operation])
        return self._selections(operation.selection_set, root, 0)

    def _selections(self, node: SelectionSetNode, parent: GraphQLNamedType | None, nesting: int) -> Size:
        if nesting > SELECTION_NESTING:
            raise refusal("nesting", SELECTION_NESTING, nesting)
        total = NOTHING
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                total += self._field(selection, parent, nesting)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self.schema.get_type(condition.name.value) if condition else parent
                total += self._selections(selection.selection_set, inner, nesting + 1)
            elif isinstance(selection, FragmentSpreadNode):
                total += self._fragment(selection.name.value, nesting + 1)
        return total

    def _fragment(self, name: str, nesting: int) -> Size:
        fragment = self.fragments.get(name)
        if fragment is None:
            return NOTHING
        if name in self.sizes:
            size = self.sizes[name]
            self.is_cyclic = self.is_cyclic or size is None
            return size or NOTHING
        self.sizes[name] = None
        condition = self.schema.get_type(fragment.type_condition.name.value)
        size = self.sizes[name] = self._selections(fragment.selection_set, condition, nesting)
        return size

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, nesting: int) -> Size:
        self.aliases += node.alias is not None
        name = node.name.value
        definition = field_of(self.schema, parent, name)
        type_ = get_named_type(definition.type) if definition else self.schema.get_type(INTROSPECTION.get(name, ""))
        below = self._selections(node.selection_set, type_, nesting + 1) if node.selection_set else NOTHING
        lists = below.introspection_lists + (
            name in INTROSPECTION_LISTS and parent is not None and parent.name == "__Type"
        )
        if name in INTROSPECTION:
            self.introspections += 1
            cost = INTROSPECTION_COST if name == "__schema" else INTROSPECTION_COST // 10
            return Size(depth=1, fixed=cost, introspection_depth=below.depth, introspection_lists=lists)
        is_mutation = parent is not None and parent is self.schema.mutation_type
        entries = self._entries(node) if is_mutation and name.endswith("Bulk") else 0
        cost = extra(definition) + (MUTATION_COST if is_mutation and not entries else 0)
        if type_ is not None and is_composite_type(type_):
            cost += max(entries, self._times(node, definition)) * (1 + below.fixed)
            cost += below.rows * self._page_size(node) if is_connection(type_) else 0
        cost = min(ENORMOUS, cost)
        fixed, rows = (0, cost) if name in ROWS and is_connection(parent) else (cost, 0)
        return Size(below.depth + 1, fixed, rows, entries, below.introspection_depth, lists)

    def _page_size(self, node: FieldNode) -> int:
        """The larger of what first and last say; what they may not say is refused by the resolver, not here."""
        given = [argument.value for argument in node.arguments or () if argument.name.value in ("first", "last")]
        sizes = [self._number(value) for value in given]
        return max([size for size in sizes if size is not None], default=PAGE_SIZE)

    def _number(self, node: ValueNode) -> int | None:
        value = self._value(node)
        if isinstance(value, IntValueNode):
            # Longer numbers are out of range anyway, and reading a very long one takes long.
            value = int(value.value) if len(value.value) <= 10 else ENORMOUS
        elif isinstance(value, float) and value.is_integer():
            value = int(min(value, ENORMOUS))  # GraphQL takes 100.0 for an Int
        return min(ENORMOUS, max(0, value)) if isinstance(value, int) else None

    def _value(self, node: ValueNode) -> object:
        """A literal as it stands, or what the caller gave for a variable, or the variable's default."""
        if isinstance(node, VariableNode):
            name = node.name.value
            return self.variables[name] if name in self.variables else self.defaults.get(name)
        return node

    def _times(self, node: FieldNode, definition: GraphQLField | None) -> int:
        """How many objects a plain list holds at most: its stated bound, or as many as were asked for by a list."""
        if definition is None or not is_list_type(get_nullable_type(definition.type)):
            return 1
        stated = list_bound(definition)
        asked = [self._length(argument.value) for argument in node.arguments or ()]
        return max(1, min(stated, max(asked))) if asked and stated else max([1, stated, *asked])

    def _entries(self, node: FieldNode) -> int:
        """How many entries a bulk call has, whether they stand in the document, in a variable or in both."""
        for argument in node.arguments or ():
            found = self._value(argument.value)
            if isinstance(found, ObjectValueNode):
                named = {field.name.value: self._value(field.value) for field in found.fields}
                found = named.get("entries")
            elif isinstance(found, dict):
                found = found.get("entries")
            if isinstance(found, ListValueNode):
                return len(found.values)
            return len(found) if isinstance(found, list) else 1
        return 1

    def _length(self, node: ValueNode) -> int:
        value = self._value(node)
        if isinstance(value, ListValueNode):
            return len(value.values)
        return len(value) if isinstance(value, list) else 0


def check(survey: Survey, operation: OperationDefinitionNode, limits: Limits) -> int:
    """The cost of an operation; RequestError with COST_LIMIT_EXCEEDED when it is larger than the limits in any way."""
    size = survey.measure(operation)
    roots = len(survey.root_names(operation))
    is_mutation = operation.operation is OperationType.MUTATION
    for name, requested, limit in (
        ("depth", size.depth, limits.depth),
        ("introspection depth", size.introspection_depth, INTROSPECTION_DEPTH),
        ("introspections", survey.introspections, INTROSPECTIONS),
        ("introspection lists", size.introspection_lists, 1),
        ("aliases", survey.aliases, limits.aliases),
        ("root fields", roots, limits.root_fields),
        ("mutations", roots if is_mutation else 0, limits.mutations),
        ("bulk entries", size.entries, BULK_ENTRIES),
        ("cost", size.fixed, limits.cost),
    ):
        if requested > limit:
            raise refusal(name, limit, requested)
    return size.fixed + MUTATION_COST * size.entries


def refusal(name: str, limit: int, requested: int | None = None) -> RequestError:
    """The error for one exceeded limit, with both numbers."""
    told: dict[str, object] = {"name": name, "limit": limit}
    if requested is not None:
        told["requested"] = requested
    return RequestError(Code.COST_LIMIT_EXCEEDED, f"The operation exceeds the limit of {limit} ({name}).", cost=told)


def response_name(node: FieldNode) -> str:
    """The key a field's value has in the response."""
    return node.alias.value if node.alias else node.name.value


def is_connection(type_: GraphQLNamedType | None) -> bool:
    """Whether a type is a page of something."""
    return isinstance(type_, GraphQLObjectType) and type_.name.endswith("Connection")


def field_of(schema: GraphQLSchema, parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    """The definition a field refers to; None when there is none, which is validation's to report."""
    if parent is None or not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return None
    found: GraphQLField | None = parent.fields.get(name)
    return found


def extra(definition: GraphQLField | None) -> int:
    """Points of ``@cost``."""
    return sum(directive.weight for directive in directives_of(definition) if isinstance(directive, Cost))


def list_bound(definition: GraphQLField) -> int:
    """The bound stated as ``strawberry.field(metadata={"list_bound": n})``, 0 without one."""
    metadata = getattr(definition.extensions.get("strawberry-definition"), "metadata", None) or {}
    bound = metadata.get("list_bound", 0)
    return bound if isinstance(bound, int) else 0


def directives_of(definition: GraphQLField | GraphQLCompositeType | None) -> Iterator[object]:
    """Schema directives that Strawberry keeps beside a field or type."""
    if definition is not None:
        yield from getattr(definition.extensions.get("strawberry-definition"), "directives", None) or ()
