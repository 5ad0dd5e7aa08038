"""Shows an import while it runs, with its rate and the time left, and tells in the end what became of it."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from gql_sales.importing.report import Report

SHOWN_ROWS = 5


class RateColumn(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        """Of late while it runs, on average at the end."""
        rate = task.finished_speed or task.speed
        return Text(f"{rate:,.0f} a second" if rate else "")


class Bars:
    """One bar a stage; the stages are told by the import."""

    def __init__(self, console: Console) -> None:
        """Nothing is shown before the first stage begins."""
        self._progress = Progress(
            TextColumn("{task.description:15}"),
            BarColumn(),
            MofNCompleteColumn(),
            RateColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._stage: TaskID | None = None

    def __enter__(self) -> "Bars":
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was."""
        self._progress.stop()

    def begin(self, stage: str, total: int) -> None:
        """A new bar."""
        self._stage = self._progress.add_task(stage, total=total)

    def advance(self, number: int) -> None:
        """The newest bar grows."""
        if self._stage is not None:
            self._progress.advance(self._stage, number)


def tell(report: Report, console: Console, *, is_dry: bool) -> None:
    """What was made and how long it took, stage by stage; then what was left out."""
    table = Table(box=None, pad_edge=False)
    table.add_column("stage")
    for name in ("would be made" if is_dry else "made", "there already", "refused", "seconds", "a second"):
        table.add_column(name, justify="right")
    for stage in report.stages:
        rate = f"{stage.made / stage.seconds:,.1f}" if stage.made and stage.seconds else ""
        numbers = [f"{number:,}" for number in (stage.made, stage.there, stage.refused)]
        table.add_row(stage.name, *numbers, f"{stage.seconds:,.1f}", rate)
    console.print(table)
    documents, seconds = report.documents, report.seconds
    rate = f", {documents / seconds:,.1f} a second" if documents and seconds else ""
    console.print(f"{documents:,} documents in {seconds:,.1f} s{rate}.")
    if report.bad_rows:
        verb = "would be left out" if is_dry else "were left out"
        console.print(f"{len(report.bad_rows):,} rows {verb}, worth {report.missing}:")
        for row in sorted(report.bad_rows, key=lambda one: one.row)[:SHOWN_ROWS]:
            console.print(f"  row {row.row}: {row.code}: {row.message}", markup=False)
