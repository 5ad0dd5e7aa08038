"""Runs the documents of examples/ by name and remembers which; two tests share it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from graphql import OperationDefinitionNode, OperationType, parse

from gql_sales.access.tokens import issue_token
from gql_sales.db.engine import Database
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings
from tests.client import Client, Json
from tests.socket_client import SocketClient, logged_in, served

FOLDER = Path(__file__).parent.parent / "examples"
FILES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.graphql"))
ON_DEMO_DATA = {
    f"{name}.graphql"
    for name in (
        "admin/customer_page",
        "admin/dashboard",
        "admin/live_orders",
        "admin/order_as_of",
        "admin/order_item_add",
        "admin/order_table",
        "admin/orders_refetch",
        "admin/search",
        "partner/api_keys",
        "partner/availability",
        "partner/nodes",
        "partner/order_cancel",
        "partner/order_events",
        "partner/orders_changed",
        "partner/orders_create_bulk",
        "partner/shipments",
        "storefront/address_remove",
        "storefront/address_save",
        "storefront/invoice",
        "storefront/order_cancel",
        "storefront/order_item_remove",
        "storefront/order_item_update",
        "storefront/order_set_addresses",
        "storefront/orders",
    )
}
"""What is run on the demo shop, with its many orders; the others are run on one order's way."""


def text_of(name: str) -> str:
    """The document in a file."""
    return (FOLDER / name).read_text(encoding="utf-8")


def operation_of(name: str) -> OperationDefinitionNode:
    """The only operation of a file."""
    (operation,) = parse(text_of(name)).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation


class Runs:
    """Runs examples by their file's name, and remembers which."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.names: set[str] = set()

    async def data(self, name: str, principal: Principal, **variables: Any) -> Json:
        """All that an operation of several fields answers, without any error."""
        self.names.add(f"{name}.graphql")
        return await self.client.query(text_of(f"{name}.graphql"), variables, principal)

    async def run(self, name: str, principal: Principal, **variables: Any) -> Json:
        """The data of a query, or the payload of a mutation that must succeed; both without any error."""
        return self.payload(name, await self.data(name, principal, **variables))

    async def run_as_partner(self, name: str, secret: str, **variables: Any) -> Json:
        """The same with an API key."""
        self.names.add(f"{name}.graphql")
        body = {"query": text_of(f"{name}.graphql"), "variables": variables}
        answer = await self.client.http.post("/graphql", json=body, headers={"Authorization": f"Bearer {secret}"})
        assert "errors" not in answer.json(), answer.json()
        return self.payload(name, answer.json()["data"])

    async def first_event(self, name: str, url: str, token: str, **variables: Any) -> Json:
        """What a subscription tells first, over a WebSocket."""
        self.names.add(f"{name}.graphql")
        async with logged_in(url, token) as socket:
            await socket.subscribe(text_of(f"{name}.graphql"), variables)
            (found,) = (await socket.data()).values()
        result: Json = found
        return result

    def payload(self, name: str, data: Json) -> Json:
        """What the only field of the operation holds."""
        (found,) = data.values()
        if operation_of(f"{name}.graphql").operation is OperationType.MUTATION:
            assert found["userErrors"] == [], found["userErrors"]
        result: Json = found
        return result


@asynccontextmanager
async def following(
    settings: Settings, database: Database, principal: Principal, order_id: str
) -> AsyncIterator[SocketClient]:
    """A connection on which the principal follows the order."""
    async with (
        served(settings, database) as url,
        logged_in(url, issue_token(principal, settings, ttl=timedelta(hours=1))) as socket,
    ):
        await socket.subscribe(text_of("storefront/order_events.graphql"), {"orderIds": [order_id]})
        yield socket
