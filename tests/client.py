"""A client of the whole application: GraphQL over the ASGI app, with a token per principal."""

import uuid
from datetime import timedelta
from typing import Any

import httpx2

from gql_sales.access.tokens import issue_token
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings

Json = dict[str, Any]


class Client:
    """Sends operations as a principal and gives back what came, checked as far as the method's name says."""

    def __init__(self, http: httpx2.AsyncClient, settings: Settings) -> None:
        """``http`` talks to the application."""
        self.http = http
        self.settings = settings

    async def post(self, query: str, variables: Json | None, principal: Principal | None) -> httpx2.Response:
        """The raw response."""
        headers = {"Content-Type": "application/json"}
        if principal is not None:
            token = issue_token(principal, self.settings, ttl=timedelta(hours=1))
            headers["Authorization"] = f"Bearer {token}"
        body = {"query": query, "variables": variables or {}}
        return await self.http.post("/graphql", json=body, headers=headers)

    async def execute(self, query: str, variables: Json | None = None, principal: Principal | None = None) -> Json:
        """The whole answer, errors included."""
        answer: Json = (await self.post(query, variables, principal)).json()
        return answer

    async def query(self, query: str, variables: Json | None = None, principal: Principal | None = None) -> Json:
        """The data of an operation that must not have errors."""
        answer = await self.execute(query, variables, principal)
        assert "errors" not in answer, answer["errors"]
        data: Json = answer["data"]
        return data

    async def mutate(self, name: str, fields: str, values: Json, principal: Principal) -> Json:
        """The payload of one mutation; ``values`` are the input's fields, a key is added when there is none."""
        kind = name[0].upper() + name[1:]
        query = f"""mutation ($input: {kind}Input!) {{
          {name}(input: $input) {{
            {fields}
            effects {{ __typename message }}
            warnings {{ code message path }}
            userErrors {{ __typename code message path }}
          }}
        }}"""
        data = await self.query(query, {"input": {"idempotencyKey": key(), **values}}, principal)
        payload: Json = data[name]
        return payload

    async def did(self, name: str, fields: str, values: Json, principal: Principal) -> Json:
        """The payload of a mutation that must succeed."""
        payload = await self.mutate(name, fields, values, principal)
        assert payload["userErrors"] == [], payload["userErrors"]
        return payload

    async def refused(self, name: str, values: Json, principal: Principal, fields: str = "") -> list[str]:
        """The codes of a mutation that must be refused."""
        payload = await self.mutate(name, fields, values, principal)
        assert payload["userErrors"], f"{name} was not refused"
        assert payload["effects"] == []
        return [error["code"] for error in payload["userErrors"]]


def key() -> str:
    """A fresh idempotency key."""
    return uuid.uuid4().hex
