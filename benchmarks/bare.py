"""The physical limit: one SQL statement makes the whole answer, and a bare Starlette route sends it."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def amount(column: str, name: str) -> str:
    """A Money object of minor units of two digits."""
    return f"""json_build_object('amount', trim_scale({column} / 100.0)::text) AS "{name}" """


def address(column: str, name: str) -> str:
    """The fields of an address that are asked for."""
    fields = {"name": "name", "line1": "line1", "city": "city", "postalCode": "postal_code"}
    pairs = "".join(f"'{field}', {column}->>'{stored}', " for field, stored in fields.items())
    return f"""json_build_object({pairs}'countryCode', {column}->>'country_code') AS "{name}" """


def quantity(column: str, name: str) -> str:
    """A decimal without zeros behind."""
    return f"""trim_scale({column})::text AS "{name}" """


def answer(rows: str) -> str:
    """The response of the GraphQL server, made of a subselect."""
    nodes = "json_build_object('nodes', coalesce(json_agg(o), '[]'))"
    return f"SELECT json_build_object('data', json_build_object('orders', {nodes}))::text FROM ({rows}) o"


SMALL = answer(
    """SELECT number, state, payment_status AS "paymentStatus" FROM orders
       WHERE company_id = $1 AND state <> 'DELETED' ORDER BY id DESC LIMIT 20"""
)
ORDER = f"""
SELECT number, o.state, o.version, document_date AS "documentDate", currency_code AS "currencyCode", summary,
  customer_po AS "customerPo", {amount("net_amount", "net")}, {amount("tax_amount", "tax")},
  {amount("gross_amount", "total")}, {amount("outstanding_amount", "outstanding")}, {amount("paid_amount", "paid")},
  commitment_status AS "commitmentStatus", allocation_status AS "allocationStatus",
  dispatch_status AS "dispatchStatus", billing_status AS "billingStatus", payment_status AS "paymentStatus",
  json_build_object('name', c.name, 'kind', c.kind, 'email', c.email) AS customer,
  {address("shipping_address", "shippingAddress")}, {address("billing_address", "billingAddress")},
  (SELECT coalesce(json_agg(i), '[]') FROM (
    SELECT position, sku, name, {quantity("unit_price", "unitPrice")}, {quantity("tax_rate", "taxRate")},
      {quantity("ordered_quantity", "orderedQuantity")}, {quantity("shipped_quantity", "shippedQuantity")},
      {amount("net_amount", "net")}, {amount("gross_amount", "gross")}
    FROM order_items WHERE order_id = o.id ORDER BY position) i) AS items,
  (SELECT coalesce(json_agg(s), '[]') FROM (
    SELECT number, state, carrier FROM shipments WHERE order_id = o.id ORDER BY id) s) AS shipments"""
LIST = answer(
    f"""{ORDER}
FROM (SELECT * FROM orders WHERE company_id = $1 AND state <> 'DELETED' ORDER BY id DESC LIMIT 50) o
JOIN customers c ON c.id = o.customer_id ORDER BY o.id DESC
"""
)
DETAIL = f"""SELECT json_build_object('data', json_build_object('order', to_json(d)))::text FROM ({ORDER},
  (SELECT coalesce(json_agg(a), '[]') FROM (
    SELECT state, {quantity("quantity", "quantity")}
    FROM allocations WHERE order_id = o.id ORDER BY id) a) AS allocations,
  (SELECT coalesce(json_agg(b), '[]') FROM (
    SELECT number, state, payment_status AS "paymentStatus", {amount("gross_amount", "total")},
      {amount("open_amount", "openBalance")},
      (SELECT json_agg(l) FROM (
        SELECT sku, {quantity("quantity", "quantity")}, {amount("gross_amount", "gross")} FROM invoice_items
        WHERE invoice_id = invoices.id ORDER BY position) l) AS items,
      (SELECT coalesce(json_agg(p), '[]') FROM (
        SELECT {amount("amount", "amount")} FROM payment_allocations
        WHERE invoice_id = invoices.id ORDER BY id) p) AS "paymentAllocations"
    FROM invoices WHERE order_id = o.id ORDER BY id) b) AS invoices,
  json_build_object('nodes', (SELECT coalesce(json_agg(h), '[]') FROM (
    SELECT type, actor, document_type AS "documentType", named.version AS "orderVersion"
    FROM events JOIN event_order ON event_id = events.id,
      unnest(document_ids, document_versions) AS named(id, version)
    WHERE document_ids @> ARRAY[o.id] AND named.id = o.id ORDER BY place DESC LIMIT 25) h)) AS history
FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = $1) d"""


def application(url: str) -> Starlette:
    """Routes for the statements; the body of a request is the UUID of the company or of the order."""
    pools: list[asyncpg.Pool] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with asyncpg.create_pool(url, min_size=8, max_size=8, reset=nothing) as pool:
            pools.append(pool)
            yield

    async def ready(_request: Request) -> Response:
        return PlainTextResponse("ok")

    def route(path: str, statement: str) -> Route:
        async def respond(request: Request) -> Response:
            id_ = (await request.body()).decode()
            async with pools[0].acquire() as connection:
                text = await connection.fetchval(statement, id_)
            return Response(text, media_type="application/json")

        return Route(path, respond, methods=["POST"])

    statements = [route("/small", SMALL), route("/list", LIST), route("/detail", DETAIL)]
    return Starlette(routes=[Route("/ready", ready), *statements], lifespan=lifespan)


async def nothing(_connection: object) -> None:
    """In place of the four statements that asyncpg sends whenever a connection is given back."""


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
