"""What of an error the caller may see: a code of the closed list, and no text that was not written for callers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from errno import ENOENT
from types import MappingProxyType

import structlog
from graphql import GraphQLError, GraphQLFormattedError, Node
from graphql.language import FieldNode, OperationDefinitionNode

from gql_sales.kernel.ids import MalformedId
from gql_sales.kernel.request_errors import Code, RequestError

log = structlog.get_logger(__name__)

MESSAGE_LENGTH = 500
"""Characters of a message; graphql-core quotes what the caller sent."""
MOST_LOCATIONS = 10
RETRY_SECONDS = 1

STATUS: Mapping[Code, int] = MappingProxyType(
    {
        Code.BAD_REQUEST: 400,
        Code.GRAPHQL_PARSE_FAILED: 400,
        Code.GRAPHQL_VALIDATION_FAILED: 400,
        Code.OPERATION_RESOLUTION_FAILURE: 400,
        Code.BAD_USER_INPUT: 400,
        Code.INVALID_CURSOR: 400,
        Code.UNAUTHENTICATED: 401,
        Code.COST_LIMIT_EXCEEDED: 400,
        Code.THROTTLED: 429,
        Code.PERSISTED_DOCUMENT_NOT_FOUND: 400,
        Code.PERSISTED_DOCUMENT_REQUIRED: 400,
        Code.DEADLINE_EXCEEDED: 503,
        Code.SERVICE_UNAVAILABLE: 503,
    }
)
"""Status of a request that failed before execution, for callers who accept graphql-response+json; 200 if absent."""

# Classes 08 (connection) and 57 (operator intervention: starting, stopping), too many connections, read-only standby.
OUTAGE_CLASSES = ("08", "57")
OUTAGE_STATES = {"53300", "25006"}
QUERY_CANCELED = "57014"


class CodedError(GraphQLError):
    """An error of GraphQL's own, such as a failed validation, that is known to be fit for the caller."""

    def __init__(
        self, code: Code, message: str, nodes: Sequence[Node] = (), details: Mapping[str, object] | None = None
    ) -> None:
        """``nodes`` give the locations, ``details`` join the code in ``extensions``."""
        super().__init__(message, nodes or None, extensions={**(details or {}), "code": code.value})
        self.code = code


def coded(error: GraphQLError, code: Code) -> CodedError:
    """The same error with a code; message and locations are cut, since callers can make both very long."""
    made = CodedError(code, error.message[:MESSAGE_LENGTH])
    made.locations = error.locations[:MOST_LOCATIONS] if error.locations else None
    made.path = error.path
    return made


def present(errors: Iterable[GraphQLError], request_id: str, *, hides_suggestions: bool = True) -> list[GraphQLError]:
    """The errors as the caller may see them; defects are logged in full and described to nobody."""
    shown = [present_one(error, request_id) for error in errors]
    if hides_suggestions:
        for error in shown:
            if isinstance(error, CodedError) and error.code is Code.BAD_USER_INPUT:
                error.message = error.message.partition(" Did you mean")[0]
    return shown


def present_one(error: GraphQLError, request_id: str) -> GraphQLError:
    """A CodedError for any error of parsing, validation or execution."""
    if isinstance(error, CodedError):
        return error
    cause = origin(error)
    if is_bad_input(error, cause):
        # A scalar may say more precisely what is wrong; the outer message says where.
        return coded(error, cause.code if isinstance(cause, RequestError) else Code.BAD_USER_INPUT)
    known = recognize(cause)
    if known is not None:
        made = CodedError(known.code, known.message, details=known.details)
        made.locations, made.path = error.locations, error.path
        return made
    return masked(error, cause, request_id)


def masked(error: GraphQLError | None, cause: BaseException, request_id: str) -> CodedError:
    """A defect: one log line with everything, one answer with nothing but the request id to ask about."""
    path = error.path if error is not None else None
    log.error("defect", request_id=request_id, path=path, exc_info=(type(cause), cause, cause.__traceback__))
    details = {"requestId": request_id}
    made = CodedError(Code.INTERNAL_SERVER_ERROR, "Something went wrong on our side.", details=details)
    if error is not None:
        made.locations, made.path = error.locations, error.path
    return made


def origin(error: BaseException) -> BaseException:
    """The exception that a chain of located GraphQL errors began with."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


POOL_TIMEOUT = "3o7r"
"""SQLAlchemy's own code for it."""


def recognize(cause: BaseException) -> RequestError | None:
    """The error meant for the caller that an exception is or stands for; None for a defect."""
    if isinstance(cause, RequestError):
        return cause
    if isinstance(cause, MalformedId):
        return RequestError(Code.BAD_USER_INPUT, str(cause)[:MESSAGE_LENGTH])
    for link in causes(cause):
        state = getattr(link, "sqlstate", None)
        if state == QUERY_CANCELED:
            return RequestError(Code.DEADLINE_EXCEEDED, "The operation took too long.")
        if is_outage(link, state):
            return RequestError(Code.SERVICE_UNAVAILABLE, "The database cannot be reached now; try again.")
    return None


def is_outage(link: BaseException, state: object) -> bool:
    """Whether the database is not there, told by what its driver says rather than by types of another floor."""
    if isinstance(link, ConnectionError):
        return True
    # The socket of a server that is gone; a file that our own code misses has a name.
    if isinstance(link, FileNotFoundError) and link.errno == ENOENT and link.filename is None:
        return True
    if isinstance(state, str) and (state[:2] in OUTAGE_CLASSES or state in OUTAGE_STATES):
        return True
    # Nobody gave a connection of the pool back in time.
    return getattr(link, "connection_invalidated", False) is True or getattr(link, "code", None) == POOL_TIMEOUT


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, what the database wrapper keeps as its original, and what it was raised from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        wrapped = getattr(error, "orig", None)
        error = wrapped if isinstance(wrapped, BaseException) else error.__cause__


def is_bad_input(error: GraphQLError, cause: BaseException) -> bool:
    """Whether graphql-core refused a variable or an argument.

    Its complaints about input carry the variable or the value as their node, or nothing at all before execution; those
    about results carry the field. A scalar that refuses a value raises a ValueError or TypeError below them.
    """
    if not isinstance(cause, GraphQLError | RequestError | ValueError | TypeError):
        return False
    if error.nodes:
        return not isinstance(error.nodes[0], FieldNode | OperationDefinitionNode)
    return error.path is None and isinstance(cause, GraphQLError)


def body(errors: Sequence[GraphQLError], extensions: Mapping[str, object] | None = None) -> dict[str, object]:
    """A response without data: the request failed before execution."""
    formatted: list[GraphQLFormattedError] = [error.formatted for error in errors]
    return {"errors": formatted, **({"extensions": dict(extensions)} if extensions else {})}


def status(code: Code, *, is_legacy: bool) -> int:
    """HTTP status of a request that failed before execution with this code.

    Callers of plain application/json read the status as one of transport: anything well-formed is 200.
    """
    return 200 if is_legacy and code is not Code.BAD_REQUEST else STATUS.get(code, 200)
