"""Sends operations to the application in this process, as a client would: the demo shop is made by the API."""

from datetime import timedelta
from typing import Any

import httpx2
from starlette.types import ASGIApp

from gql_sales.access.tokens import issue_token
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings

Json = dict[str, Any]


class Caller:
    """One principal's calls; each has a key made from its name, so an interrupted loading goes on where it stopped."""

    def __init__(self, app: ASGIApp, settings: Settings, principal: Principal) -> None:
        """Calls go to ``app``, with a token made for the principal."""
        token = issue_token(principal, settings, ttl=timedelta(hours=1))
        self._http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app),
            base_url="http://demo",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )

    async def query(self, query: str, variables: Json | None = None) -> Json:
        """The data of an operation; RuntimeError when it has errors."""
        response = await self._http.post("/graphql", json={"query": query, "variables": variables or {}})
        answer = response.json()
        if answer.get("errors"):
            raise RuntimeError(answer["errors"])
        data: Json = answer["data"]
        return data

    async def do(self, call: str, name: str, fields: str, /, **values: Any) -> Json:  # noqa: ANN401 (of the input)
        """The payload of a mutation; ``call`` names this one call of the loading. RuntimeError when it is refused."""
        payload = await self.attempt(call, name, fields, **values)
        if payload["userErrors"]:
            raise RuntimeError(f"{name}: {payload['userErrors']}")
        return payload

    async def attempt(self, call: str, name: str, fields: str, /, **values: Any) -> Json:  # noqa: ANN401 (of the input)
        """The payload of a mutation, refused or not."""
        kind = name[0].upper() + name[1:]
        query = (
            f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ code message }} }} }}"
        )
        data = await self.query(query, {"input": {"idempotencyKey": f"demo-shop-{call}".ljust(16, "-")[:64], **values}})
        payload: Json = data[name]
        return payload
