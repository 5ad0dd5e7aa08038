"""From input fields to arguments of verbs, where absent, null and a value mean three things (api.md 4)."""

from typing import Any

import strawberry
from strawberry import ID

from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.inputs import KEEP, is_storable
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.nodes import given

MOST_NAMED = 100
"""How many rows a filter names at once: as many as a page has."""


def kept(value: Any) -> Any:  # noqa: ANN401 (of the input's type)
    """The value of an optional input field of a change: KEEP when it was absent, None when it is to be cleared."""
    return KEEP if value is strawberry.UNSET else value


def kept_id(type_name: str, value: Any) -> Any:  # noqa: ANN401 (UUID | Absent | None)
    """As ``kept``, the id decoded."""
    return KEEP if value is strawberry.UNSET else decode_optional(type_name, value)


def decode_optional(type_name: str, value: ID | None) -> Any:  # noqa: ANN401 (UUID | None)
    """The UUID of an optional id; absent and null are None."""
    text = given(value)
    return None if text is None else decode_id(type_name, text)


def decode_all(type_name: str, values: list[ID] | None) -> Any:  # noqa: ANN401 (list[UUID] | None)
    """The UUIDs of an optional list of ids; absent and null are None."""
    texts = given(values)
    return None if texts is None else [decode_id(type_name, text) for text in texts]


def named(values: list[str] | None) -> list[str] | None:
    """The human keys that a filter lists, without those that no row can have; BAD_USER_INPUT above 100."""
    texts = given(values)
    if texts is not None and len(texts) > MOST_NAMED:
        raise RequestError(Code.BAD_USER_INPUT, f"A filter names at most {MOST_NAMED} at once.")
    return None if texts is None else [text.strip() for text in texts if is_storable(text)]
