"""Real server processes for tests: started by the command or forked from a loaded process, and stopped or killed."""

import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import httpx2

from gql_sales.settings import Settings
from tests.client import Client

READY_SECONDS = 60.0
LOOK_SECONDS = 0.02


def environment(url: str, settings: Settings, port: int) -> dict[str, str]:
    """What tells a server its database, its key and its port."""
    return {
        "GQL_SALES_DATABASE_URL": url,
        "GQL_SALES_JWT_SECRET": settings.jwt_secret.get_secret_value(),
        "GQL_SALES_PORT": str(port),
    }


def start_server(url: str, settings: Settings, port: int) -> subprocess.Popen[bytes]:
    """A server as an operator starts it."""
    command = [sys.executable, "-m", "gql_sales", "serve"]
    variables = {**os.environ, **environment(url, settings, port)}
    return subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Forge:
    """Forks servers from a process that has loaded the program: the command itself without its seconds of imports."""

    def __init__(self) -> None:
        """The loaded process starts with the first server and ends with this one."""
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(
            ["gql_sales.app", "gql_sales.commands.http", "gql_sales.commands.database"]
        )

    async def start(self, url: str, settings: Settings, port: int) -> BaseProcess:
        """A server process; kill() is SIGKILL."""
        process = self._context.Process(target=serve_with, args=(environment(url, settings, port),), daemon=True)
        await asyncio.to_thread(process.start)
        return process


def serve_with(variables: dict[str, str]) -> None:
    """The command ``gql-sales serve`` under these environment variables, silently."""
    from gql_sales.commands.serve import serve

    os.environ.update(variables)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    serve()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def until_ready(http: httpx2.AsyncClient) -> float:
    """Wait until the server answers; the seconds that it took."""
    began = time.monotonic()
    while time.monotonic() - began < READY_SECONDS:
        try:
            if (await http.get("/ready")).status_code == 200:
                return time.monotonic() - began
        except httpx2.TransportError:
            pass
        await asyncio.sleep(LOOK_SECONDS)
    raise TimeoutError("the server did not come up")


@dataclass(frozen=True)
class Served:
    """A running server and a client of it."""

    process: subprocess.Popen[bytes]
    client: Client
    socket_url: str


@asynccontextmanager
async def running(url: str, settings: Settings) -> AsyncIterator[Served]:
    """A server that answers, for as long as the block lasts; it may be killed within."""
    port = free_port()
    process = start_server(url, settings, port)
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            await until_ready(http)
            yield Served(process, Client(http, settings), f"ws://127.0.0.1:{port}/graphql")
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)
