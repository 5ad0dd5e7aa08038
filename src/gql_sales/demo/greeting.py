"""The demo company: loaded once, greeted at every start with an address, tokens and operations to try."""

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from gql_sales.access.tokens import issue_token
from gql_sales.demo.caller import Caller
from gql_sales.demo.operations import OPERATIONS
from gql_sales.demo.shop import admin, build, shopper
from gql_sales.demo.year import forget_year, retailer
from gql_sales.settings import Settings

TOKEN_DAYS = 30


async def load(app: ASGIApp, settings: Settings) -> None:
    """Build the company unless it was built before; what was made is noted in ``demo.json`` of the data folder."""
    if _note(settings).exists() and await _is_there(app, settings, json.loads(_note(settings).read_text())):
        return
    forget_year(settings)
    shop = await build(app, settings)
    file = _note(settings)
    file.touch(mode=0o600)
    file.write_text(json.dumps(asdict(shop)))


async def _is_there(app: ASGIApp, settings: Settings, shop: dict[str, Any]) -> bool:
    """Whether the noted company is in this database: the folder may have served another one."""
    data = await Caller(app, settings, admin(shop["company_id"])).query("{ company { id } }")
    return data["company"] is not None


def welcome(address: str, settings: Settings) -> str:
    """What a newcomer needs: where to go, one token per audience, three operations."""
    shop: dict[str, Any] = json.loads(_note(settings).read_text())
    life = timedelta(days=TOKEN_DAYS)
    staff = issue_token(admin(shop["company_id"]), settings, ttl=life)
    ada = issue_token(shopper(shop["company_id"], shop["channels"]["web"]), settings, ttl=life)
    lines = [
        "",
        f"GraphiQL   {address}/#token={staff}",
        f"Board      {address}/board#token={staff}",
        f"Endpoint   {address}/graphql (HTTP and WebSocket)",
        "",
        "Tokens, to be sent as the header Authorization: Bearer …",
        f"  admin       {staff}",
        f"  storefront  {ada}",
        f"  partner     {shop['partner_key']}",
        *_year(settings, life),
        "",
        "Three operations to try:",
    ]
    for title, audience, text in OPERATIONS:
        lines += ["", f"# {title} (token: {audience})", text.strip()]
    return "\n".join([*lines, "", "Ctrl-C stops everything."])


def _year(settings: Settings, life: timedelta) -> list[str]:
    """A second token for staff, of the company with a year of a real shop, if it was imported."""
    staff = retailer(settings)
    if staff is None:
        return []
    token = issue_token(staff, settings, ttl=life)
    return ["", "The year of a real shop is a company of its own:", f"  admin       {token}"]


def _note(settings: Settings) -> Path:
    return settings.data_folder / "demo.json"
