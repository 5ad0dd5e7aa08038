"""Turns the text of a document into one operation that is parsed, small enough and valid; remembers the valid ones."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoFragmentCyclesRule,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.web.cost import Survey, check, refusal
from gql_sales.web.errors import CodedError, coded
from gql_sales.web.limits import OPERATIONS, Limits
from gql_sales.web.overlaps import count_overlaps

MOST_ERRORS = 20
"""Validation stops here: its suggestions compare every unknown name with every known one."""
CACHED_DOCUMENTS = 1000
CACHED_CHARACTERS = 1_000_000
"""Parsed documents take some fifty times the memory of their text."""
TOO_LONG = "Document contains more than"


class Refused(Exception):
    """A document was refused; every one of ``errors`` has its code."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        """At least one error."""
        super().__init__(len(errors))
        self.errors = list(errors)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation that may be executed."""

    document: DocumentNode
    operation: OperationDefinitionNode
    cost: int


class Documents:
    """The documents of one audience, validated against its schema and limits; used from one event loop only."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, is_open: bool) -> None:
        """``is_open`` allows introspection and suggestions."""
        self._schema = schema
        self._limits = limits
        self._is_open = is_open
        closed = () if is_open else (NoSchemaIntrospectionCustomRule,)
        self._rules: tuple[type[ASTValidationRule], ...] = (
            *specified_rules,
            MaybeNullValidationRule,
            OneOfInputValidationRule,
            *closed,
        )
        self._valid: OrderedDict[str, DocumentNode] = OrderedDict()
        self._characters = 0

    def prepare(self, text: str, operation_name: str | None, variables: Mapping[str, object] | None) -> Prepared:
        """The named operation of a document, or its only one; Refused when anything speaks against running it."""
        known = self._valid.get(text)
        if known is not None:
            self._valid.move_to_end(text)
        try:
            document = self._parse(text) if known is None else known
            operation = pick(document, operation_name)
            survey = Survey(self._schema, document, variables or {})
            cost = check(survey, operation, self._limits)
            if known is None:
                self._validate(document, survey)
                self._remember(text, document)
        except RequestError as error:
            raise Refused([CodedError(error.code, error.message, details=error.details)]) from None
        except RecursionError:
            raise Refused([CodedError(Code.COST_LIMIT_EXCEEDED, "The document is nested too deeply.")]) from None
        return Prepared(document, operation, cost)

    def _parse(self, text: str) -> DocumentNode:
        try:
            return parse(text, max_lexical_tokens=self._limits.tokens, max_comments=self._limits.tokens)
        except GraphQLSyntaxError as error:
            if TOO_LONG in error.message:
                raise refusal("tokens", self._limits.tokens) from None
            raise Refused([coded(error, Code.GRAPHQL_PARSE_FAILED)]) from None
        except GraphQLError as error:
            raise Refused([coded(error, Code.GRAPHQL_PARSE_FAILED)]) from None

    def _validate(self, document: DocumentNode, survey: Survey) -> None:
        if survey.is_cyclic:
            rules: tuple[type[ASTValidationRule], ...] = (NoFragmentCyclesRule,)
        else:
            count_overlaps(document, self._limits.pairs)
            rules = self._rules
        errors = validate(self._schema, document, rules, max_errors=MOST_ERRORS, hide_suggestions=not self._is_open)
        if errors:
            raise Refused([coded(error, Code.GRAPHQL_VALIDATION_FAILED) for error in errors])

    def _remember(self, text: str, document: DocumentNode) -> None:
        self._valid[text] = document
        self._characters += len(text)
        while len(self._valid) > CACHED_DOCUMENTS or self._characters > CACHED_CHARACTERS:
            oldest, _ = self._valid.popitem(last=False)
            self._characters -= len(oldest)


def pick(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation to run; OPERATION_RESOLUTION_FAILURE when the request does not say which one."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) > OPERATIONS:
        raise refusal("operations", OPERATIONS, len(operations))
    if name is not None:
        operations = [node for node in operations if node.name and node.name.value == name]
    if not operations:
        which = "" if name is None else " of that name"
        raise RequestError(Code.OPERATION_RESOLUTION_FAILURE, f"The document has no operation{which}.")
    if name is None and len(operations) > 1:
        raise RequestError(Code.OPERATION_RESOLUTION_FAILURE, "operationName must say which operation to run.")
    return operations[0]
