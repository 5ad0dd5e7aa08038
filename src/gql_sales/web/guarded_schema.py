"""The schema of one audience: it shows what the audience can ever reach and lets through what the caller may.

Strawberry's own methods are overridden where it runs an operation, because every transport goes through them.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import strawberry
from graphql import (
    ExecutionResult as GraphQLResult,
)
from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
)
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.execution import ExecutionContext, ExecutionResult, PreExecutionError
from strawberry.types.field import StrawberryField
from strawberry.types.graphql import OperationType

from gql_sales.access.scopes import REACHABLE
from gql_sales.kernel.principals import Audience, Principal
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.web.documents import Documents, Prepared, Refused
from gql_sales.web.errors import CodedError, present
from gql_sales.web.guards import guarded, guarded_type
from gql_sales.web.limits import LIMITS, Limits
from gql_sales.web.needs import Needs, is_implied, is_met, of_field, of_type
from gql_sales.web.persisted import PersistedQueries

DEFINITION = "strawberry-definition"
SUBSCRIPTION_WAYS = (
    "Subscriptions need a WebSocket (graphql-transport-ws), Accept: text/event-stream, "
    'or Accept: multipart/mixed;subscriptionSpec="1.0".'
)


class OperationContext(Protocol):
    """What this floor wants of the context that resolvers get."""

    principal: Principal
    request_id: str
    extensions: dict[str, object]
    resume_after: str | None
    """Cursor of the last event that a client which connects again has seen; wins over an argument."""
    cursor: str | None
    """Cursor of the event that is being shown."""


@dataclass(frozen=True, slots=True)
class Roots:
    """The classes a schema is made from."""

    query: type
    mutation: type | None = None
    subscription: type | None = None
    types: tuple[type, ...] = ()
    """Types that only an interface leads to."""
    config: Callable[[], StrawberryConfig] = StrawberryConfig


class SalesSchema(strawberry.Schema):
    """A schema that prunes, limits, checks scopes and masks errors by itself."""

    def __init__(
        self, roots: Roots, audience: Audience | None = None, *, limits: Limits | None = None, is_open: bool = False
    ) -> None:
        """The whole schema without an audience; ``is_open`` allows introspection and suggestions."""
        self.roots = roots
        self.audience = audience
        self.limits = limits or LIMITS[audience or Audience.ADMIN]
        self.is_open = is_open
        super().__init__(
            roots.query,
            mutation=self._root(roots.mutation),
            subscription=self._root(roots.subscription),
            types=roots.types,
            config=roots.config(),
        )
        types = self._schema.type_map
        self.type_needs = {name: of_type(type_.extensions.get(DEFINITION)) for name, type_ in types.items()}
        describe_directives(self._schema)
        self._guard()
        self.documents = Documents(self._schema, self.limits, is_open=is_open)
        self.persisted = PersistedQueries(self.limits.body)

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields of a type without those that nobody of the audience can ever reach."""
        if self.audience is None or type_definition.is_input:
            return type_definition.fields
        return [field for field in type_definition.fields if self._is_reachable(of_field(field, type_definition))]

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: defects are logged once, where they are masked, and mistakes of callers not at all."""

    def allows(self, principal: Principal, type_name: str) -> bool:
        """Whether the caller may see objects of the type; for resolvers that find a type by an id."""
        return type_name in self.type_needs and is_met(self.type_needs[type_name], principal.scopes)

    def _is_reachable(self, needs: Needs) -> bool:
        return self.audience is None or is_met(needs, REACHABLE[self.audience])

    def _root(self, root: type | None) -> type | None:
        """A root of which nothing is left does not exist."""
        definition: StrawberryObjectDefinition | None = getattr(root, "__strawberry_definition__", None)
        return root if definition is not None and self.get_fields(definition) else None

    def _guard(self) -> None:
        """Put checks before the fields and abstract types that need them; plain fields stay as they are."""
        for type_ in self._schema.type_map.values():
            if is_introspection_type(type_):
                continue
            if isinstance(type_, GraphQLObjectType):
                self._guard_fields(type_)
            elif isinstance(type_, GraphQLInterfaceType | GraphQLUnionType) and type_.resolve_type is not None:
                type_.resolve_type = guarded_type(type_.resolve_type, self.type_needs)

    def _guard_fields(self, type_: GraphQLObjectType) -> None:
        parent: StrawberryObjectDefinition = type_.extensions[DEFINITION]
        held = of_type(parent)
        for field in type_.fields.values():
            needs = of_field(field.extensions[DEFINITION], parent)
            if is_implied(needs, held):
                continue
            if field.subscribe is not None:
                field.subscribe = guarded(field.subscribe, needs)
            elif field.resolve is not None:
                field.resolve = guarded(field.resolve, needs)

    async def _prepare_operation_async(
        self, context: ExecutionContext, extensions_runner: SchemaExtensionsRunner
    ) -> PreExecutionError | None:
        """Parse, pick, measure and validate, in this order, so that each step has bounds before it starts."""
        try:
            prepared = self._prepare(
                context.query, context._provided_operation_name, context.variables, context.operation_extensions
            )
            require_allowed(OperationType(prepared.operation.operation.value), context.allowed_operations)
        except Refused as refused:
            context.pre_execution_errors = refused.errors
            return PreExecutionError(data=None, errors=refused.errors)
        context.graphql_document = prepared.document
        context.context.extensions["cost"] = {"requested": prepared.cost, "limit": self.limits.cost}
        return None

    def kind_of(
        self,
        query: str | None,
        operation_name: str | None,
        variables: dict[str, Any] | None,
        extensions: dict[str, Any] | None,
    ) -> OperationType | None:
        """What kind of operation a request asks for, None when it will be refused."""
        try:
            prepared = self._prepare(query, operation_name, variables, extensions)
        except Refused:
            return None
        return OperationType(prepared.operation.operation.value)

    def _prepare(
        self,
        query: str | None,
        operation_name: str | None,
        variables: dict[str, Any] | None,
        extensions: dict[str, Any] | None,
    ) -> Prepared:
        try:
            text = self.persisted.text_of(query, extensions)
        except RequestError as error:
            raise Refused([CodedError(error.code, error.message)]) from None
        prepared = self.documents.prepare(text, operation_name, variables)
        self.persisted.remember(text, extensions)
        return prepared

    async def _execute_operation(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (passed on as they are)
        """Execute within the audience's deadline."""
        timer = asyncio.timeout(self.limits.deadline)
        try:
            async with timer:
                return await super()._execute_operation(*args, **kwargs)
        except TimeoutError:
            if not timer.expired():
                raise
            error = CodedError(Code.DEADLINE_EXCEEDED, f"The operation took longer than {self.limits.deadline:g} s.")
            return GraphQLResult(data=None, errors=[error])

    async def _handle_execution_result(
        self,
        context: ExecutionContext,
        *args: Any,  # noqa: ANN401 (passed on as they are)
        **kwargs: Any,  # noqa: ANN401 (Strawberry's own)
    ) -> ExecutionResult:
        """Mask every error on its way out, whatever it happened in, and add what resolvers told about the operation."""
        result = await super()._handle_execution_result(context, *args, **kwargs)
        surroundings: OperationContext = context.context
        if result.errors:
            result.errors = present(result.errors, surroundings.request_id, hides_suggestions=not self.is_open)
        result.extensions = {**(result.extensions or {}), **surroundings.extensions} or None
        return result


def pruned(
    whole: SalesSchema, audience: Audience, *, limits: Limits | None = None, is_open: bool = False
) -> SalesSchema:
    """The part of a whole schema that the audience can ever reach."""
    reached = reachable_types(whole._schema, REACHABLE[audience])
    roots = whole.roots
    types = tuple(type_ for type_ in roots.types if type_name(whole, type_) in reached)
    kept = Roots(roots.query, roots.mutation, roots.subscription, types, roots.config)
    return SalesSchema(kept, audience, limits=limits, is_open=is_open)


def type_name(schema: SalesSchema, type_: Any) -> str:  # noqa: ANN401 (a class with Strawberry's definition)
    """The name of a class in the schema."""
    return schema.config.name_converter.from_type(type_.__strawberry_definition__)


def reachable_types(schema: GraphQLSchema, scopes: frozenset[str]) -> set[str]:
    """Names of the object, interface and union types that lead on from the roots with no more than the scopes."""
    reached: set[str] = set()
    stack: list[Any] = [schema.query_type, schema.mutation_type, schema.subscription_type]
    while stack:
        type_ = stack.pop()
        if type_ is None or type_.name in reached:
            continue
        definition = type_.extensions.get(DEFINITION)
        if not is_met(of_type(definition), scopes):
            continue
        reached.add(type_.name)
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            stack.extend(schema.get_possible_types(type_))
        for field in getattr(type_, "fields", {}).values():
            own = field.extensions.get(DEFINITION)
            if isinstance(own, StrawberryField) and is_met(of_field(own, definition), scopes):
                stack.append(get_named_type(field.type))
    return reached


def require_allowed(operation: OperationType, allowed: Iterable[OperationType]) -> None:
    """Refused when the transport does not carry this kind of operation."""
    if operation in allowed:
        return
    if operation is OperationType.SUBSCRIPTION:
        code, message = Code.OPERATION_RESOLUTION_FAILURE, SUBSCRIPTION_WAYS
    else:
        code, message = Code.BAD_REQUEST, "GET is for queries only; send mutations by POST."
    raise Refused([CodedError(code, message)])


def describe_directives(schema: GraphQLSchema) -> None:
    """Carry the descriptions of directive arguments over, which Strawberry leaves behind."""
    for directive in schema.directives:
        for field in getattr(directive.extensions.get(DEFINITION), "fields", ()):
            argument = directive.args.get(field.graphql_name or field.name)
            if argument is not None:
                argument.description = field.description
