"""A headless Chromium, driven over its DevTools protocol: no library of drivers, and nothing is downloaded."""

import asyncio
import itertools
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "--window-size=1280,800",
)
START_SECONDS = 30.0
WAIT_SECONDS = 20.0
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}


def chromium_path() -> str | None:
    """Where a Chromium is installed, None without one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Page:
    """The one page of the browser."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._ids = itertools.count(1)
        self.complaints: list[str] = []
        """What the page threw, and what the browser did not let it do."""

    async def send(self, method: str, **parameters: Any) -> Any:
        """The result of one command; events that come before it are looked at in passing."""
        id_ = next(self._ids)
        await self._connection.send(json.dumps({"id": id_, "method": method, "params": parameters}))
        async with asyncio.timeout(WAIT_SECONDS):
            while (message := json.loads(await self._connection.recv())).get("id") != id_:
                self._note(message)
        assert "error" not in message, message["error"]
        return message["result"]

    async def run(self, expression: str) -> Any:
        """The value of a JavaScript expression; promises are awaited."""
        answer = await self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def open(self, url: str, before: str = "") -> None:
        """Go to an address; ``before`` runs ahead of the page's own scripts."""
        for domain in ("Page", "Runtime", "Log"):
            await self.send(f"{domain}.enable")
        await self.send("Page.addScriptToEvaluateOnNewDocument", source=before)
        await self.send("Page.navigate", url=url)

    async def press(self, *names: str) -> None:
        """Keys, one after the other."""
        for name in names:
            key = {"key": name, "code": name, "windowsVirtualKeyCode": KEYS[name]}
            text = {"text": "\r"} if name == "Enter" else {}
            await self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **key, **text)
            await self.send("Input.dispatchKeyEvent", type="keyUp", **key)

    async def tab_to(self, selector: str) -> None:
        """Press Tab until the focus is on what the selector means."""
        for _ in range(60):
            await self.press("Tab")
            if await self.run(f"document.activeElement.matches({json.dumps(selector)})"):
                return
        raise AssertionError(f"Tab never came to {selector}")

    async def until(self, expression: str, is_right: Callable[[Any], bool] = bool) -> Any:
        """The value of the expression, once it is right."""
        value = None
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while not is_right(value := await self.run(expression)):  # noqa: ASYNC110 (pages tell nobody)
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{expression} stays {value!r}; complaints: {self.complaints}") from None
        return value

    def _note(self, message: dict[str, Any]) -> None:
        found = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            details = found["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif message.get("method") == "Log.entryAdded" and found["entry"]["source"] == "security":
            self.complaints.append(found["entry"]["text"])


@asynccontextmanager
async def browsing(path: str, profile: Path) -> AsyncIterator[Page]:
    """A fresh browser with an empty page."""
    quiet = asyncio.subprocess.DEVNULL
    arguments = [*FLAGS, f"--user-data-dir={profile}", "about:blank"]
    process = await asyncio.create_subprocess_exec(path, *arguments, stdout=quiet, stderr=quiet)
    try:
        port = await _port(profile / "DevToolsActivePort")
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            targets = (await http.get("/json/list")).json()
        address = next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page")
        async with connect(address, max_size=None) as connection:
            yield Page(connection)
    finally:
        process.terminate()
        await process.wait()


async def _port(file: Path) -> int:
    async with asyncio.timeout(START_SECONDS):
        while not await asyncio.to_thread(file.exists) or not await asyncio.to_thread(file.read_text):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return int((await asyncio.to_thread(file.read_text)).split()[0])
