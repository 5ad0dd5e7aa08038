"""Writes the schema down for clients and for the review of changes."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from gql_sales.commands.process import fail


def export_schema(
    folder: Path = Path(), *, is_check: Annotated[bool, Parameter("--check", negative="")] = False
) -> None:
    """Write schema.graphql and the schema of each audience.

    Parameters
    ----------
    folder
        The repository.
    is_check
        Write nothing; exit with 1 when a file differs from the code.
    """
    from gql_sales.api import schema_files

    stale = []
    for name, text in schema_files().items():
        path = folder / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if is_check and stale:
        fail(f"{', '.join(stale)} differ from the code: run `make schema`.")
    print(f"Written: {', '.join(stale)}." if stale else "The schema files are up to date.")
