"""The order board: own files under a strict policy, valid operations, and columns that survive a cut connection."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from graphql import FragmentDefinitionNode, GraphQLInputObjectType, OperationDefinitionNode, parse, print_ast, validate
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gql_sales.access.tokens import issue_token
from gql_sales.api import audience_schemas
from gql_sales.app import create_app
from gql_sales.db.engine import Database
from gql_sales.kernel.principals import Audience
from gql_sales.settings import Settings
from gql_sales.web.board_page import FOLDER, board_routes
from tests.chromium import Page, browsing, chromium_path
from tests.database import TestServer
from tests.event_world import database_of_its_own
from tests.race.servers import running
from tests.shop import Shop, open_shop

LONGEST_FILE = 400
ADMIN = audience_schemas()[Audience.ADMIN]._schema
DOCUMENT = parse((FOLDER / "operations.graphql").read_text(encoding="utf-8"))
OPERATIONS = [node for node in DOCUMENT.definitions if isinstance(node, OperationDefinitionNode)]
FRAGMENTS = {node.name.value: node for node in DOCUMENT.definitions if isinstance(node, FragmentDefinitionNode)}
WAITING = {
    "TO_COMMIT": "commit",
    "TO_ALLOCATE": "allocate",
    "TO_SHIP": "ship",
    "TO_BILL": "bill",
    "TO_COLLECT": "collect",
}
"""Queues in the order in which an order goes through them, and the columns for them."""
COLUMNS = """Object.fromEntries([...document.querySelectorAll(".column")].map((column) =>
  [column.dataset.stage, [...column.querySelectorAll(".card")].map((card) => card.dataset.id)]))"""
COUNTS = """Object.fromEntries([...document.querySelectorAll(".column")].map((column) =>
  [column.dataset.stage, Number(column.querySelector("h2 .count").textContent)]))"""
CHIPS = """Object.fromEntries([...document.querySelectorAll(".chip")].map((chip) =>
  [chip.dataset.queue, Number(chip.querySelector(".count").textContent)]))"""
STATUS = 'document.getElementById("status")?.dataset.state'
# Lets the test put a wrong cursor into the next subscription, and hear whether one was sent.
MEDDLE = """
const send = WebSocket.prototype.send;
window.cursors = [];
WebSocket.prototype.send = function (text) {
  const message = JSON.parse(text);
  if (message.type === "subscribe") {
    if (window.spoilt) { message.payload.variables.after = "spoilt"; window.spoilt = false; }
    window.cursors.push(message.payload.variables.after);
  }
  send.call(this, JSON.stringify(message));
};
"""


def files() -> list[Path]:
    """Everything that the board consists of."""
    return sorted(FOLDER.iterdir())


def site() -> TestClient:
    """The board alone."""
    return TestClient(Starlette(routes=board_routes()))


def needed(operation: OperationDefinitionNode) -> str:
    """The operation with its fragments, as the page sends it."""
    text = print_ast(operation)
    names: set[str] = set()
    while more := set(re.findall(r"\.\.\.(\w+)", text.replace("... on", ""))) - names:
        names |= more
        text = "\n".join([print_ast(operation), *[print_ast(FRAGMENTS[name]) for name in sorted(names)]])
    return text


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda node: node.name.value)
def test_every_operation_is_valid_for_staff(operation: OperationDefinitionNode) -> None:
    assert validate(ADMIN, parse(needed(operation))) == []


def test_everything_is_served_under_a_policy_that_lets_nothing_else_in() -> None:
    client = site()
    for address in ["/board", *[f"/board/{path.name}" for path in files() if path.name != "index.html"]]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert {source for sources in policy.values() for source in sources.split()} <= {"'none'", "'self'", "'script'"}
    assert client.get("/board/%2e%2e/graphiql.py").status_code == 404


def test_nothing_comes_from_elsewhere_and_nothing_is_inline() -> None:
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    client = site()
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert loaded
    assert [client.get(f"/{address}").status_code for address in loaded] == [200] * len(loaded)
    assert not re.search(r"<script(?![^>]* src=)|<style|\bstyle=|\bon\w+=", page)
    for path in files():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(", text), path.name
        assert len(text.splitlines()) <= LONGEST_FILE, path.name
        for module in re.findall(r'from "\./([^"]+)"', text):
            assert (FOLDER / module).is_file(), module


@pytest.mark.parametrize("is_development", [True, False])
def test_it_is_served_where_graphiql_is(database: Database, settings: Settings, *, is_development: bool) -> None:
    app = create_app(settings.model_copy(update={"is_development": is_development}), database)
    statuses = {TestClient(app).get(address).status_code for address in ("/", "/board", "/board/main.js")}
    assert statuses == {200 if is_development else 404}


async def test_every_queue_can_be_turned_around(shop: Shop) -> None:
    await stock_a_board(shop)
    query = "query ($filter: OrderFilter) { orders(first: 100, filter: $filter) { nodes { id } } }"

    async def found(filter_: Any) -> set[str]:
        return {order["id"] for order in (await shop.query(query, filter=filter_))["orders"]["nodes"]}

    everything = await found(None)
    for queue in ADMIN.type_map["WorkQueue"].values:  # type: ignore[attr-defined]
        waiting, others = await found({"queue": {"in": [queue]}}), await found({"queue": {"notIn": [queue]}})
        assert waiting | others == everything, queue
        assert not waiting & others, queue


@dataclass
class Cable:
    """A TCP relay between browser and server, which can be cut."""

    port: int
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    is_cut: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the browser."""
        if self.is_cut:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pour(reader, far_writer), self._pour(far_reader, writer))

    async def _pour(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    def cut(self) -> None:
        """End every connection at once, and let nobody in."""
        self.is_cut = True
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


@dataclass
class Desk:
    """The board in a browser, its shop, and the cable between them."""

    page: Page
    shop: Shop
    cable: Cable

    async def expected(self) -> dict[str, list[str]]:
        """Every column as the API's own queues tell it."""
        query = "query ($filter: OrderFilter) { orders(first: 100, filter: $filter) { nodes { id state } } }"
        columns: dict[str, list[str]] = {"draft": [], **{stage: [] for stage in WAITING.values()}, "done": []}
        places: dict[str, str] = {}
        for queue, stage in WAITING.items():
            for order in (await self.shop.query(query, filter={"queue": {"in": [queue]}}))["orders"]["nodes"]:
                places.setdefault(order["id"], stage)
        for order in (await self.shop.query(query, filter=None))["orders"]["nodes"]:
            ends = {"OPEN": "draft", "COMPLETED": "done", "CLOSED": "done"}
            if stage := places.get(order["id"]) or ends.get(order["state"], ""):
                columns[stage].append(order["id"])
        return {stage: sorted(ids) for stage, ids in columns.items()}

    async def is_right(self) -> dict[str, list[str]]:
        """Wait until columns, their counts and the queues' counts are what the API says; no card twice."""
        expected = await self.expected()
        await self.page.until(COLUMNS, lambda shown: {key: sorted(ids) for key, ids in shown.items()} == expected)
        sizes = {stage: len(ids) for stage, ids in expected.items()}
        await self.page.until(COUNTS, lambda shown: shown == sizes)
        queues = (await self.shop.query("{ workQueues { queue count { value } } }"))["workQueues"]
        waiting = {entry["queue"]: entry["count"]["value"] for entry in queues}
        await self.page.until(CHIPS, lambda shown: shown == waiting)
        return expected


@asynccontextmanager
async def desk(urls: str, settings: Settings, folder: Path, browser: str) -> AsyncIterator[Desk]:
    """A shop with an order at every stage, and its board opened with the link that the demo prints."""
    async with running(urls, settings) as served:
        shop = await open_shop(served.client)
        await stock_a_board(shop)
        cable = Cable(urlsplit(served.socket_url).port or 0)
        async with await asyncio.start_server(cable.serve, "127.0.0.1", 0) as relay, browsing(browser, folder) as page:
            port = relay.sockets[0].getsockname()[1]
            token = issue_token(shop.staff, settings, ttl=timedelta(hours=1))
            await page.open(f"http://127.0.0.1:{port}/board#token={token}", before=MEDDLE)
            await page.until(STATUS, lambda state: state == "live")
            yield Desk(page, shop, cable)


async def stock_a_board(shop: Shop) -> None:
    """One order in each column."""
    await shop.draft(("apple", 1))
    await shop.placed(("apple", 2))
    allocated = await shop.placed(("pear", 2))
    await shop.did("allocationCreate", orderId=allocated["id"])
    for bill in ([], ["invoiceIssue"], ["cashSaleIssue"]):
        order = await shop.placed(("pear", 3))
        await shop.did("shipmentCreate", orderId=order["id"], then=["BOOK", "FINALIZE"])
        for name in bill:
            values = {"paymentMethod": "CASH"} if name == "cashSaleIssue" else {}
            await shop.did(name, orderId=order["id"], **values)


@pytest.fixture
async def opened(
    test_server: TestServer, worker_id: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """The desk over a database of its own."""
    browser = chromium_path()
    if browser is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    monkeypatch.setenv("GQL_SALES_IS_DEVELOPMENT", "true")
    async with (
        database_of_its_own(test_server, f"{worker_id}_board") as urls,
        desk(urls.server, settings, tmp_path / "profile", browser) as opened,
    ):
        yield opened
        assert opened.page.complaints == []


async def test_the_board_is_right_again_after_its_connection_was_cut(opened: Desk) -> None:
    page, shop = opened.page, opened.shop
    assert "token" not in await page.run("location.href")
    before = await opened.is_right()
    assert all(before[stage] for stage in before if stage != "commit")
    await shop.placed(("apple", 1))
    assert await opened.is_right() != before

    opened.cable.cut()
    await page.until(STATUS, lambda state: state == "reconnecting")
    placed = await shop.placed(("apple", 1))
    await shop.did("allocationCreate", orderId=before["allocate"][0])
    await shop.did("orderCancel", orderId=before["ship"][0], reason="gone while nobody looked")
    opened.cable.is_cut = False
    await page.until(STATUS, lambda state: state == "live")
    after = await opened.is_right()
    assert placed["id"] in after["allocate"]
    assert before["allocate"][0] in after["ship"]
    # It went on behind the last event instead of beginning anew.
    assert (await page.run("window.cursors"))[-1] is not None

    await page.run("window.spoilt = true")
    opened.cable.cut()
    await shop.placed(("pear", 1))
    opened.cable.is_cut = False
    await page.until("window.cursors", lambda cursors: cursors[-2:] == ["spoilt", None])
    await opened.is_right()


async def test_an_order_is_moved_on_with_the_keyboard_alone(opened: Desk) -> None:
    page, shop = opened.page, opened.shop
    before = await opened.is_right()
    (order_id,) = before["allocate"]
    await page.tab_to(".card")
    await page.press("ArrowRight")
    assert await page.run("document.activeElement.dataset.id") == order_id
    await page.press("Enter")
    await page.until("document.querySelector('.order h1')?.textContent", lambda text: str(text).startswith("S-"))
    await page.until("document.activeElement.tagName", lambda name: name == "H1")

    await page.tab_to('[data-transition="allocationCreate"]')
    await page.press("Enter")
    await page.tab_to("#dialog [type=submit]")
    await page.press("Enter")
    told = await page.until("document.querySelector('#dialog .effects')?.textContent")
    assert "AllocationCreated" in told
    assert (await shop.order(order_id))["allocations"] == []
    await page.until("document.activeElement.matches('[data-confirm]')")
    await page.press("Enter")
    await page.until("!document.getElementById('dialog').open")
    assert len((await shop.order(order_id))["allocations"]) == 1

    await page.press("Escape")
    await page.until("document.body.dataset.view", lambda view: view == "board")
    after = await opened.is_right()
    assert order_id in after["ship"]
    assert await page.run("document.activeElement.dataset.id") == order_id
    await page.until("document.getElementById('announcer').textContent", lambda told: "To ship" in told)


async def test_what_a_transition_is_asked_is_what_its_input_has(opened: Desk) -> None:
    verbs = json.loads(
        await opened.page.run(
            "import('/board/verbs.js').then(({ VERBS }) => JSON.stringify(Object.entries(VERBS)"
            ".map(([name, { fields = [], input }]) => [name, input ? [] : fields.map((field) => field.name)])))"
        )
    )
    sent = {node.name.value for node in OPERATIONS if node.name and node.operation.value == "mutation"}
    assert {name[0].upper() + name[1:] for name, _ in verbs} == sent
    for name, fields in verbs:
        type_: Any = ADMIN.type_map[f"{name[0].upper()}{name[1:]}Input"]
        assert isinstance(type_, GraphQLInputObjectType)
        asked = set(type_.fields)
        assert set(fields) <= asked, name
        needed = {key for key, value in type_.fields.items() if str(value.type).endswith("!") and not_defaulted(value)}
        own = {"idempotencyKey", "orderId", "shipmentId", "invoiceId", "cashSaleId"}
        assert name == "paymentRecord" or needed <= {*fields, *own}, name


def not_defaulted(value: Any) -> bool:
    """Whether an input's field has to be sent."""
    return bool(value.default_value is None or repr(value.default_value) == "Undefined")
