"""Warehouses and their bins as clients see them."""

import strawberry

from gql_sales.db.models.channels import BinKind
from gql_sales.schema.channels import Pool
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Node, id_field, optional, text
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.relations import many, one
from gql_sales.schema.scalars import CountryCode


@strawberry.type(description="A storage place of a warehouse.", directives=[scopes("warehouses:read")])
class Bin(Node):
    """Only normal bins hold sellable stock."""

    code: str = text("Short name, unique in the warehouse.")
    kind: BinKind = text("What it is for.")
    warehouse_id: strawberry.ID = id_field("Warehouse", "warehouse_id", "The warehouse.")


@strawberry.type(description="A place that goods are shipped from.", directives=[scopes("warehouses:read")])
class Warehouse(Node):
    """Belongs to one pool."""

    code: str = text("Short name, unique in the company.")
    name: str = text("Name.")
    country_code: CountryCode = text("Country it stands in.")
    priority: int = text("Its place in line when stock is set aside; the smallest comes first.")
    is_fulfillment_method: bool = text("True when others send goods from there that are no stock of ours.")
    is_pack_required: bool = text("True when a shipment leaves it only if everything is in packages.")
    pool: Pool | None = one("Pool", "pool_id", "The stock pool it belongs to.")
    bins: list[Bin] = many("Warehouse.bins", "Its bins by code, at most 500.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")


@strawberry.input(description="Exactly one way to name a warehouse.", one_of=True)
class WarehouseBy:
    """By its id or code."""

    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="Opaque global id.")
    code: strawberry.Maybe[str] = strawberry.field(description="Short name.")


@strawberry.input(description="Input of warehouseCreate.")
class WarehouseCreateInput(MutationInput):
    """A new warehouse."""

    code: str = text("Short name, unique in the company, at most 40 characters.")
    name: str = text("Name, at most 200 characters.")
    country_code: CountryCode = text("Country it stands in.")
    pool_code: str = text("Stock pool it belongs to; a pool of a new code is made.")
    priority: int = strawberry.field(
        description="Its place in line when stock is set aside; the smallest comes first.", default=100
    )
    is_fulfillment_method: bool = strawberry.field(
        description="True for a drop shipper and the like: it sends goods that are not stocked, and has no bins.",
        default=False,
    )
    is_pack_required: bool = strawberry.field(
        description="True when shipments are to leave it only if everything is in packages.", default=False
    )


@strawberry.type(description="Outcome of warehouseCreate.")
class WarehouseCreatePayload(Payload):
    """The new warehouse."""

    warehouse: Warehouse | None = changed("Warehouse", "The new warehouse; null when it was refused.")


@strawberry.input(description="Input of warehouseUpdate.")
class WarehouseUpdateInput(MutationInput):
    """What is absent stays."""

    warehouse_id: strawberry.ID = text("The warehouse.")
    name: str | None = optional("Name, at most 200 characters.")
    priority: int | None = optional("Its place in line.")
    is_pack_required: bool | None = optional("True when shipments leave it only if everything is in packages.")


@strawberry.type(description="Outcome of warehouseUpdate.")
class WarehouseUpdatePayload(Payload):
    """The changed warehouse."""

    warehouse: Warehouse | None = changed("Warehouse", "The warehouse as it is now.")


@strawberry.input(description="Input of warehouseBinAdd.")
class WarehouseBinAddInput(MutationInput):
    """A new bin."""

    warehouse_id: strawberry.ID = text("The warehouse.")
    code: str = text("Short name, unique in the warehouse, at most 40 characters.")
    kind: BinKind = text("What it is for.")


@strawberry.type(description="Outcome of warehouseBinAdd.")
class WarehouseBinAddPayload(Payload):
    """The changed warehouse."""

    warehouse: Warehouse | None = changed("Warehouse", "The warehouse with the new bin.")


@strawberry.input(description="Input of warehouseBinUpdate.")
class WarehouseBinUpdateInput(MutationInput):
    """A bin under another code."""

    warehouse_id: strawberry.ID = text("The warehouse.")
    bin_id: strawberry.ID = text("The bin; not MAIN, which is meant where no bin is named.")
    code: str = text("Short name, unique in the warehouse, at most 40 characters.")


@strawberry.type(description="Outcome of warehouseBinUpdate.")
class WarehouseBinUpdatePayload(Payload):
    """The changed warehouse."""

    warehouse: Warehouse | None = changed("Warehouse", "The warehouse with its bins.")
