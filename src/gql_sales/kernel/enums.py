"""Enumerations whose values carry their description, so that the sentence exists once for code, database and schema."""

from enum import StrEnum


class DescribedEnum(StrEnum):
    """``NAME = "NAME", "What it means."``; the value is what the database and GraphQL show."""

    description: str

    def __new__(cls, value: str, description: str = "") -> "DescribedEnum":
        """Make the member from its value and its sentence."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member
