"""Scalars: exact decimals as strings, instants in UTC, codes that are checked where they enter (api.md 4)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from gql_sales.kernel.money import is_currency
from gql_sales.kernel.quantities import plain
from gql_sales.kernel.request_errors import Code, RequestError

CurrencyCode = NewType("CurrencyCode", str)
CountryCode = NewType("CountryCode", str)
IdempotencyKey = NewType("IdempotencyKey", str)
EmailAddress = NewType("EmailAddress", str)

_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?")
_YEARS = range(1000, 9999)
"""Years of instants: far enough from the ends of the calendar that no time zone leads beyond them."""


def _bad(message: str) -> RequestError:
    return RequestError(Code.BAD_USER_INPUT, message)


def _parse_decimal(value: object) -> Decimal:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise _bad('A Decimal is a string such as "12.50": at most 18 digits, then at most 6 after the point.')
    try:
        return Decimal(value)
    except InvalidOperation:
        raise _bad("That is not a Decimal.") from None


def _serialize_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parse_instant(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year not in _YEARS:
        raise _bad('A DateTime is RFC 3339 with an offset, such as "2026-11-23T07:30:00Z".')
    return found


def _parse_day(value: object) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _bad('A Date is a day such as "2026-11-23".')


def _matching(pattern: str, message: str, check: Callable[[str], bool] = lambda _: True) -> Callable[[Any], str]:
    compiled = re.compile(pattern)

    def parse(value: object) -> str:
        if isinstance(value, str) and compiled.fullmatch(value) and check(value):
            return value
        raise _bad(message)

    return parse


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description="Exact decimal number, sent as a string: at most 18 digits, then at most 6 after the point.",
        specified_by_url="https://scalars.graphql.org/chillicream/decimal.html",
        serialize=plain,
        parse_value=_parse_decimal,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="Instant in UTC, RFC 3339, at most microseconds.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=_serialize_instant,
        parse_value=_parse_instant,
    ),
    date: strawberry.scalar(
        name="Date",
        description="Day of the calendar, such as 2026-11-23.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
        serialize=lambda value: value.isoformat(),
        parse_value=_parse_day,
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="ISO 4217 alphabetic code.",
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
        serialize=str,
        parse_value=_matching("[A-Z]{3}", 'A CurrencyCode is an ISO 4217 code such as "EUR".', is_currency),
    ),
    CountryCode: strawberry.scalar(
        name="CountryCode",
        description="ISO 3166-1 alpha-2 code.",
        specified_by_url="https://www.iso.org/iso-3166-country-codes.html",
        serialize=str,
        parse_value=_matching("[A-Z]{2}", 'A CountryCode is an ISO 3166 code such as "DE".'),
    ),
    IdempotencyKey: strawberry.scalar(
        name="IdempotencyKey",
        description="Client-chosen key of 16 to 64 printable characters; one key stands for one intended effect.",
        specified_by_url="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/",
        serialize=str,
        parse_value=_matching("[!-~]{16,64}", "An IdempotencyKey has 16 to 64 printable ASCII characters."),
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="E-mail address; its form is checked, not whether it exists.",
        specified_by_url="https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address",
        serialize=str,
        parse_value=_matching(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", "That is not an e-mail address."),
    ),
}
