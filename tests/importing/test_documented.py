"""What docs/import.md says is so: columns, options, and the demo's year."""

import inspect
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from gql_sales.access.tokens import read_token
from gql_sales.app import create_app
from gql_sales.commands.import_ import import_
from gql_sales.db.engine import Database
from gql_sales.demo.greeting import load, welcome
from gql_sales.demo.year import load_year
from gql_sales.importing.client import Client, in_process
from gql_sales.importing.orders_csv import OF_THE_LINE, OF_THE_ORDER, REQUIRED
from gql_sales.importing.report import Unwatched
from gql_sales.settings import Settings
from tests.database import TestServer
from tests.event_world import database_of_its_own
from tests.importing.rows import slice_of, written
from tests.importing.state import state

TEXT = (Path(__file__).parent.parent.parent / "docs" / "import.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ((?:`[a-z0-9_-]+`(?:, )?)+) \|([^|]*)\|", re.MULTILINE)


def test_every_column_is_described_and_the_needed_ones_are_marked() -> None:
    told = [(re.findall(r"`([a-z0-9_]+)`", names), needed.strip()) for names, needed in ROW.findall(TEXT)]
    columns = {name: needed for names, needed in told for name in names}
    assert set(columns) - {""} == {"order_ref", *OF_THE_ORDER, *OF_THE_LINE}
    assert {name for name, needed in columns.items() if needed == "yes"} == set(REQUIRED)


def test_every_option_is_described() -> None:
    options = {f"--{name.replace('_', '-')}" for name in inspect.signature(import_).parameters} - {"--path"}
    assert {option for option in options if f"`{option}`" not in TEXT and f"{option} " not in TEXT} == set()


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with a data folder of the test's own."""
    return settings.model_copy(update={"data_folder": tmp_path, "jwt_secret": SecretStr("x" * 32)})


async def test_the_demo_has_a_company_with_a_year_of_a_real_shop_beside_its_own(
    test_server: TestServer, worker_id: str, own: Settings, tmp_path: Path
) -> None:
    """Its token is greeted with once all of the file is there, and the next start does not look at it again."""
    file = written(tmp_path / "slice.csv", slice_of(1))
    async with database_of_its_own(test_server, f"{worker_id}_year") as urls:
        database = Database(urls.server)
        app = create_app(own, database)
        await load(app, own)
        before = welcome("http://127.0.0.1:8000", own)
        assert "year of a real shop" not in before
        report = await load_year(app, own, file, Unwatched())
        assert report is not None
        assert report.bad_rows == []
        assert await load_year(app, own, file, Unwatched()) is None
        greeting = welcome("http://127.0.0.1:8000", own)
        tokens = re.findall(r"^  admin +(\S+)$", greeting, re.MULTILINE)
        clients = [Client(in_process(app, own, read_token(token, own))) for token in tokens]
        codes = [(await client.query("{ company { code } }"))["company"]["code"] for client in clients]
        assert codes == ["demo", "online-retail"]
        (made,) = [stage.made for stage in report.stages if stage.name == "sales"]
        assert len((await state(clients[1], "orders"))["orders"]) == made
        await database.close()
