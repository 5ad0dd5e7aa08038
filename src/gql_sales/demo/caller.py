"""Sends operations to the application in this process, as a client would: the demo shop is made by the API."""

from typing import Any

from starlette.types import ASGIApp

from gql_sales.importing.client import Client, Json, in_process
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings


class Caller:
    """One principal's calls; each has a key made from its name, so an interrupted loading goes on where it stopped."""

    def __init__(self, app: ASGIApp, settings: Settings, principal: Principal) -> None:
        """Calls go to ``app``, with a token made for the principal."""
        self._client = Client(in_process(app, settings, principal))

    async def query(self, query: str, variables: Json | None = None) -> Json:
        """The data of an operation; CallError when it has errors."""
        return await self._client.query(query, variables)

    async def do(self, call: str, name: str, fields: str, /, **values: Any) -> Json:  # noqa: ANN401 (of the input)
        """The payload of a mutation; ``call`` names this one call of the loading. CallError when it is refused."""
        return await self._client.do(name, fields, values, key=f"demo-shop-{call}".ljust(16, "-")[:64])
