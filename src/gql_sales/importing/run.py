"""Carries a plan out, stage after stage; what is there already is left alone, so that a run may end at any time."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from gql_sales.importing.client import Client, Json
from gql_sales.importing.plan import Plan
from gql_sales.importing.report import PlannedRow, Progress, Report, Stage, Unwatched

WORKERS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A product of the company."""

    id: str
    is_stocked: bool


@dataclass(slots=True)
class Run:
    """One import in progress, and what it has learned about the company."""

    client: Client
    plan: Plan
    source: str
    """Name of what is imported; stock that comes in or is written off tells it as its reason."""
    workers: int = WORKERS
    is_dry: bool = False
    progress: Progress = field(default_factory=Unwatched)
    report: Report = field(default_factory=Report)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    currency: str = ""
    channel_id: str = ""
    warehouse_id: str = ""
    products: dict[str, Found] = field(default_factory=dict)
    """By SKU in lower case."""
    customers: dict[str, str] = field(default_factory=dict)
    """Ids by reference."""

    @contextmanager
    def stage(self, name: str, total: int, *, are_documents: bool = False) -> Iterator[Stage]:
        """Count and time what is done in the block; ``total`` is how much there is to do."""
        stage = Stage(name, are_documents=are_documents)
        self.report.stages.append(stage)
        self.progress.begin(name, total)
        began = time.monotonic()
        try:
            yield stage
        finally:
            stage.seconds = time.monotonic() - began

    def settle(self, stage: Stage, *rows: PlannedRow, answer: Json, lists: Sequence[Sequence[PlannedRow]] = ()) -> bool:
        """Count one thing by its answer, and note its rows when it was refused; whether it was made."""
        self.progress.advance(1)
        if answer["userErrors"]:
            stage.refused += 1
            self.report.refuse(rows, answer["userErrors"], lists)
            return False
        stage.made += 1
        return True
