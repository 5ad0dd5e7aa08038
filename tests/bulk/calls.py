"""Bulk calls in few words."""

from collections.abc import Sequence
from typing import Any

from gql_sales.kernel.principals import Principal
from tests.client import Json, key
from tests.shop import Shop

ERRORS = "userErrors { code message path }"


def keyed(entries: Sequence[Json]) -> list[Json]:
    """The entries, each with a key of its own."""
    return [{"idempotencyKey": key(), **entry} for entry in entries]


def document(name: str, fields: str = "") -> str:
    """The mutation of a verb's twin."""
    kind = name[0].upper() + name[1:]
    return f"""mutation ($input: {kind}BulkInput!) {{ {name}Bulk(input: $input) {{
        results {{ index {fields} effects {{ message }} warnings {{ code }} {ERRORS} }} {ERRORS} }} }}"""


async def bulk(
    shop: Shop,
    name: str,
    entries: Sequence[Json],
    mode: str = "ALL_OR_NOTHING",
    fields: str = "",
    principal: Principal | None = None,
    **more: Any,
) -> Json:
    """The payload of a bulk call."""
    values = {"entries": keyed(entries), "mode": mode, **more}
    data = await shop.client.query(document(name, fields), {"input": values}, principal or shop.staff)
    payload: Json = data[f"{name}Bulk"]
    assert [one["index"] for one in payload["results"]] == list(range(len(payload["results"])))
    return payload


async def done(shop: Shop, name: str, entries: Sequence[Json], fields: str = "", **more: Any) -> list[Json]:
    """The results of a bulk call that must succeed as a whole."""
    payload = await bulk(shop, name, entries, fields=fields, **more)
    assert payload["userErrors"] == []
    assert refusals(payload) == {}
    results: list[Json] = payload["results"]
    return results


def refusals(payload: Json) -> dict[int, list[str]]:
    """The codes of the refused entries by index."""
    return {
        one["index"]: [error["code"] for error in one["userErrors"]] for one in payload["results"] if one["userErrors"]
    }
