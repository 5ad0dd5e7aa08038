"""From one of several ways to name an object to its row: every field that takes a ``by`` ends here."""

from typing import Any

from strawberry import ID, Some

from gql_sales.db.queries.master import one_by
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.inputs import is_storable
from gql_sales.schema.context import Info


async def row_by(info: Info, type_name: str, id_: Some[ID] | None, **key: Some[str] | None) -> Any:  # noqa: ANN401 (a row)
    """The visible row with the id, or with the human key that names its column; None when there is none."""
    if id_ is not None:
        return await info.context.loaders.node(type_name, decode_id(type_name, id_.value))
    ((column, value),) = key.items()
    if value is None or not is_storable(value.value):
        return None
    statement = one_by(type_name, column, info.context.principal)
    rows = await info.context.database.read(statement, {"key": value.value.strip()})
    return next(iter(rows), None)
