"""What verbs on shipments look at besides what verbs on their orders do."""

from collections.abc import Sequence

from gql_sales.db.models.base import Document
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.queries.context import load_warehouses
from gql_sales.db.session import Unit
from gql_sales.domain.transition import Need


async def _warehouses(unit: Unit, documents: Sequence[Document]) -> None:
    await load_warehouses(unit, {document.warehouse_id for document in documents if isinstance(document, Shipment)})


WAREHOUSES = Need(3, _warehouses)
