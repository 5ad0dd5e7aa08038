"""What every command does around its work: settings, one-line failures, the port, and signals that end it in order."""

import asyncio
import signal
import socket
import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from gql_sales.settings import Settings

SECRET_BYTES = 32


def fail(message: str) -> NoReturn:
    """End the process with exit code 1 and one line that says why."""
    print(f"gql-sales: {message}", file=sys.stderr)
    raise SystemExit(1)


def read_settings() -> "Settings":
    """Settings of the environment; ends the process naming the variable that is wrong."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from gql_sales.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        fail(f"GQL_SALES_{'_'.join(str(part) for part in wrong['loc']).upper()}: {wrong['msg']}.")
    except SettingsError as error:
        fail(f"{error}.")


def check_secret(settings: "Settings") -> None:
    """Refuse a missing or short key: who guesses it is everybody."""
    if len(settings.jwt_secret.get_secret_value().encode()) < SECRET_BYTES:
        fail(f"GQL_SALES_JWT_SECRET must have at least {SECRET_BYTES} bytes; `openssl rand -hex 32` makes one.")


def open_port(settings: "Settings") -> socket.socket:
    """The listening socket, taken before anything is loaded; ends the process when another program has the port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = str(error).partition(" (while")[0]
        fail(f"Cannot listen on {settings.host}:{settings.port}: {reason}; GQL_SALES_PORT sets another port.")


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; SIGINT and SIGTERM cancel, so that ``finally`` blocks stop what was started."""
    import uvloop

    received: list[int] = []
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_cancellable(work, received))
    except asyncio.CancelledError:
        if not received:
            raise
    if received:
        raise SystemExit(128 + received[0])


async def _cancellable(work: Coroutine[Any, Any, None], received: list[int]) -> None:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def cancel(number: int) -> None:
        # Only once: a second Ctrl-C must not interrupt the cleaning up.
        if task and not received:
            received.append(number)
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, cancel, number)
    await work
