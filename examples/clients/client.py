"""A client with nothing but Python's standard library: a query, a mutation, and events that resume.

GQL_SALES_URL=http://127.0.0.1:8000/graphql GQL_SALES_TOKEN=... python examples/clients/client.py
"""

import json
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

Json = dict[str, Any]
URL, TOKEN = os.environ["GQL_SALES_URL"], os.environ["GQL_SALES_TOKEN"]
DOCUMENTS = Path(__file__).resolve().parent.parent
IDLE_SECONDS = 30  # A stream says something at least every twelve seconds.


def send(name: str, variables: Json, headers: dict[str, str]) -> Any:
    body = {"query": (DOCUMENTS / f"{name}.graphql").read_text("utf-8"), "variables": variables}
    sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **headers}
    return urlopen(Request(URL, json.dumps(body).encode(), sent), timeout=IDLE_SECONDS)


def data_of(answer: Json) -> Json:
    if answer.get("errors"):
        raise RuntimeError(answer["errors"])
    return dict(answer["data"])


def query(name: str, **variables: Any) -> Json:
    try:
        with send(name, variables, {"Accept": "application/graphql-response+json"}) as response:
            return data_of(json.load(response))
    except HTTPError as error:
        return data_of(json.load(error))


def mutate(name: str, values: Json) -> Json:
    """The key is made once, so that sending the mutation again after a lost connection is no second order."""
    keyed, waits = {"idempotencyKey": uuid.uuid4().hex, **values}, [4, 2, 1]
    while True:
        try:
            (payload,) = query(name, input=keyed).values()
            return dict(payload)
        except (OSError, HTTPException):
            if not waits:
                raise
            time.sleep(waits.pop())


def follow(name: str, after: str | None = None, **variables: Any) -> Iterator[tuple[str | None, Json]]:
    """Events with their cursors, over connection after connection; a stored cursor goes on tomorrow."""
    while True:
        try:
            with send(name, variables, {"Accept": "text/event-stream", "Last-Event-ID": after or ""}) as response:
                for event in events(response):
                    if event.get("event") == "complete":
                        return
                    after = event.get("id", after)
                    yield after, data_of(json.loads(event["data"]))
        except HTTPError:
            raise
        except (OSError, HTTPException):
            pass
        time.sleep(1)


def events(lines: Iterable[bytes]) -> Iterator[dict[str, str]]:
    """Fields of each event; comments, which say only that the server is there, have none."""
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode().rstrip("\r\n").partition(":")
        if name:
            fields[name] = value.removeprefix(" ")
        elif fields and not colon:
            yield fields
            fields = {}


if __name__ == "__main__":
    print(query("storefront/orders", first=3)["orders"]["totalCount"]["value"], "orders")
    items = [{"sku": "TEA-EARL-GREY", "quantity": "1"}]
    order = mutate("storefront/order_create", {"items": items, "then": ["PLACE"]})["order"]
    print("placed", order["number"])
    cursor = os.environ.get("GQL_SALES_AFTER")  # Without one the stream begins now, and waits for what happens.
    for _ in range(2):  # Each event over a connection of its own, as after a failure.
        cursor, told = next(follow("storefront/order_events", cursor, orderIds=[order["id"]]))
        print(told["orderEvents"]["type"], "at", cursor)
