"""Runs the application under uvicorn until a signal asks it to end."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn

DRAIN_SECONDS = 10
LARGEST_FRAME = 256 * 1024  # bytes, the largest body that any audience may send


class Server(uvicorn.Server):
    """uvicorn without its own signal handling, which raises the signal again and would skip our cleaning up."""

    def __init__(
        self, config: uvicorn.Config, on_start: Callable[[], None], before_stop: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._on_start = on_start
        self._before_stop = before_stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The handlers stay for the rest of the process: later signals cannot interrupt the cleaning up."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the answers that would go on for ever, then wait for the others."""
        await self._before_stop()
        await super().shutdown(sockets)


async def serve(
    app: Any,  # noqa: ANN401 (any ASGI)
    listening: socket.socket,
    on_start: Callable[[], None],
    before_stop: Callable[[], Awaitable[None]],
    trusted_proxies: Sequence[str] = (),
) -> None:
    """Answer requests until SIGINT or SIGTERM, then let running ones finish, 10 s at most.

    Only ``trusted_proxies`` may say whom they speak for, in X-Forwarded-For.
    """
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=LARGEST_FRAME,
        # Messages are small, and what packs them would take a third of what a subscriber takes of memory.
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        lifespan="on",
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = Server(config, on_start, before_stop)
    await server.serve(sockets=[listening])
    if not server.started:
        raise SystemExit(1)
