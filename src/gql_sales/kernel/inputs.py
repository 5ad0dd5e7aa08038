"""Checks of plain input values: every refusal of one input is collected, so that two bad fields give two errors."""

import unicodedata
from enum import Enum
from typing import Final, TypeVar

from gql_sales.kernel.errors import InvalidInput, ReasonRequired, Refused, SalesError

T = TypeVar("T")


class Absent(Enum):
    """The type of KEEP, an enumeration of one so that type checkers can tell it from every value."""

    KEEP = "KEEP"


KEEP: Final = Absent.KEEP
"""What a verb gets for an input field that was absent: keep what is there. None clears it."""


class Findings:
    """The refusals found so far; paths begin with ``input``."""

    def __init__(self) -> None:
        """Nothing found yet."""
        self.errors: list[SalesError] = []

    def refuse(self, *errors: SalesError) -> None:
        """Note refusals and go on looking."""
        self.errors.extend(errors)

    def invalid(self, message: str, *path: str) -> None:
        """Note an INVALID_INPUT at a place of the input."""
        self.errors.append(InvalidInput(message, ("input", *path)))

    def line(self, value: str | None, most: int, *path: str) -> str:
        """The value without blanks around it; INVALID_INPUT when nothing is left, or ``optional_line`` refuses it."""
        found = self.optional_line(value, most, *path)
        if found is None:
            self.invalid("A value is needed.", *path)
        return found or ""

    def optional_line(self, value: str | None, most: int, *path: str) -> str | None:
        """The value without blanks around it, None when nothing is left; INVALID_INPUT when it is no short line."""
        found = (value or "").strip()
        if len(found) > most:
            self.invalid(f"At most {most} characters.", *path)
        elif not is_storable(found):
            self.invalid("Control characters are not allowed.", *path)
        return found or None

    def text(self, value: str, most: int, *path: str) -> str:
        """The value of one or more lines without blanks around it; INVALID_INPUT when it is empty or too long."""
        found = value.replace("\r\n", "\n").strip()
        if not found:
            self.invalid("A value is needed.", *path)
        elif len(found) > most:
            self.invalid(f"At most {most} characters.", *path)
        elif not is_storable(found.replace("\n", "").replace("\t", "")):
            self.invalid("Control characters but tabs and line breaks are not allowed.", *path)
        return found

    def reason(self, value: str) -> str:
        """Why something is done, at most 500 characters; REASON_REQUIRED when nothing is said."""
        found = self.optional_line(value, 500, "reason")
        if not (value or "").strip():
            self.refuse(ReasonRequired("Say why.", ("input", "reason")))
        return found or ""

    def present(self, value: T | None, otherwise: T, *path: str) -> T:
        """The value; INVALID_INPUT when it is null, which stands for clearing what cannot be cleared."""
        if value is None:
            self.invalid("It cannot be cleared.", *path)
            return otherwise
        return value

    def check(self) -> None:
        """Refuse with everything that was found."""
        if self.errors:
            raise Refused(*self.errors)


def is_storable(text: str) -> bool:
    """Whether the text is free of control characters and halves of surrogate pairs, which the database would refuse."""
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
