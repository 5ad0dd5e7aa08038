"""What became of an import: stage by stage in numbers and seconds, and row by row where something was left out."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from gql_sales.importing.client import Json
from gql_sales.importing.plan import BadRow

HEADER = ("row", "code", "amount", "message")


class PlannedRow(Protocol):
    """What every planned thing knows of the row that it comes from."""

    @property
    def row(self) -> int:
        """Number of the row."""

    @property
    def amount(self) -> Decimal:
        """What is missing from the sums without it."""


class Progress(Protocol):
    """Somebody who watches."""

    def begin(self, stage: str, total: int) -> None:
        """A stage begins that has so much to do."""

    def advance(self, number: int) -> None:
        """So much more of the stage is done."""


class Unwatched:
    """Nobody watches."""

    def begin(self, stage: str, total: int) -> None:
        """Told to nobody."""

    def advance(self, number: int) -> None:
        """Told to nobody."""


@dataclass(slots=True)
class Stage:
    """One step of the import: what was made, what was there already, what was refused, and how long it took."""

    name: str
    made: int = 0
    there: int = 0
    refused: int = 0
    seconds: float = 0.0
    are_documents: bool = False


@dataclass(slots=True)
class Report:
    """What became of an import so far."""

    bad_rows: list[BadRow] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    def refuse(self, rows: Sequence[PlannedRow], errors: Iterable[Json], lists: Sequence[Sequence[PlannedRow]]) -> None:
        """Note all rows of something that the server refused.

        A row that an error points to gets that error, every other row the first one, since it is not imported either.
        ``lists`` are the rows by the lists of the input that errors point into, in the order in which they are tried.
        """
        found = list(errors)
        own = {row.row: error for error in reversed(found) if (row := _row_at(error, lists)) is not None}
        for row in rows:
            error = own.get(row.row, found[0])
            self.bad_rows.append(BadRow(row.row, error["code"], error["message"], row.amount))

    @property
    def documents(self) -> int:
        """Documents that this run made."""
        return sum(stage.made for stage in self.stages if stage.are_documents)

    @property
    def seconds(self) -> float:
        """How long this run took."""
        return sum(stage.seconds for stage in self.stages)

    @property
    def missing(self) -> Decimal:
        """What all left-out rows together are worth."""
        return sum((row.amount for row in self.bad_rows), Decimal(0))

    def write(self, path: Path) -> None:
        """The left-out rows as a CSV file, by number."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for row in sorted(self.bad_rows, key=lambda one: (one.row, one.code)):
                writer.writerow((row.row, row.code, format(row.amount, "f"), row.message))


def _row_at(error: Json, lists: Sequence[Sequence[PlannedRow]]) -> PlannedRow | None:
    """The row that an error's path points to, such as input, entries, 3, items, 0, quantity."""
    path = error.get("path") or []
    for name, rows in zip(("items", "lines"), lists, strict=False):
        if name in path and len(path) > path.index(name) + 1:
            index = path[path.index(name) + 1]
            if index.isdigit() and int(index) < len(rows):
                return rows[int(index)]
    return None
