"""A year of a real shop beside the demo company: a company of its own, imported from a file through the API."""

import json
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from gql_sales.importing.formats import read_plan, source_name
from gql_sales.importing.inside import RETAILER, importer, staff_of
from gql_sales.importing.plan import Place
from gql_sales.importing.report import Progress, Report
from gql_sales.importing.run import Run
from gql_sales.importing.whole import import_all
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings

CODE = "online-retail"


async def load_year(app: ASGIApp, settings: Settings, path: Path, progress: Progress) -> Report | None:
    """Import the file, or go on where an earlier start was stopped; None when all of it is there.

    What was imported is noted in ``year.json`` of the data folder.
    """
    client = await staff_of(app, settings, CODE, RETAILER)
    if client is None:
        raise LookupError("A company that was made is not there.")
    try:
        company_id = (await client.query("{ company { id } }"))["company"]["id"]
        note = {"company_id": company_id, "file": path.name}
        if noted(settings) == note:
            return None
        plan = read_plan(path, "online-retail", Place())
        report = await import_all(Run(client, plan, source_name(path), progress=progress))
        _note(settings).write_text(json.dumps(note))
        return report
    finally:
        await client.close()


def forget_year(settings: Settings) -> None:
    """The database is a new one, so what was imported is not in it."""
    _note(settings).unlink(missing_ok=True)


def noted(settings: Settings) -> dict[str, Any]:
    """What was imported; empty when nothing was."""
    file = _note(settings)
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return found


def retailer(settings: Settings) -> Principal | None:
    """A member of staff of the imported company, if there is one."""
    note = noted(settings)
    return importer(note["company_id"]) if note else None


def _note(settings: Settings) -> Path:
    return settings.data_folder / "year.json"
