"""Errors that reach the caller as top-level ``errors``; their codes are the closed list of api.md 6."""

from enum import StrEnum


class Code(StrEnum):
    """Every value that ``errors[].extensions.code`` can take."""

    BAD_REQUEST = "BAD_REQUEST"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    INVALID_CURSOR = "INVALID_CURSOR"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    COST_LIMIT_EXCEEDED = "COST_LIMIT_EXCEEDED"
    THROTTLED = "THROTTLED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
    PERSISTED_DOCUMENT_NOT_FOUND = "PERSISTED_DOCUMENT_NOT_FOUND"
    PERSISTED_DOCUMENT_REQUIRED = "PERSISTED_DOCUMENT_REQUIRED"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    HISTORY_INCOMPLETE = "HISTORY_INCOMPLETE"
    SLOW_CONSUMER = "SLOW_CONSUMER"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


class RequestError(Exception):
    """An error whose code and message are meant for the caller; everything else is masked."""

    def __init__(self, code: Code | str, message: str, **details: object) -> None:
        """``details`` are added to ``extensions`` as they are named; ValueError when the code is not in the list."""
        super().__init__(message)
        self.code = Code(code)
        self.message = message
        self.details = details


class Unauthenticated(RequestError):
    """The caller showed no valid token or key where one is needed."""

    def __init__(self, message: str = "The token is not valid.") -> None:
        """One message for every cause, so that nobody learns why a token was refused."""
        super().__init__(Code.UNAUTHENTICATED, message)
