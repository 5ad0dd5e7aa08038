"""The embedded database trusts nobody, survives the death of whoever started it, and has one user at a time."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from gql_sales.db.embedded import OWNER, SERVER, EmbeddedPostgres, Urls
from gql_sales.db.embedded_host import AlreadyRunning, EmbeddedPostgresError, is_server
from tests.database import PREFIX, with_database

KILLED_STARTER = """
import os, sys, time
from pathlib import Path
from gql_sales.db.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]))  # not fast: what was committed must still be there
print(postgres.start().owner, postgres.process_id, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the system user who runs the server for root can reach, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix=PREFIX))
    yield path
    EmbeddedPostgres(path).remove()
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server that is not started yet, and is stopped at the end."""
    postgres = EmbeddedPostgres(folder, fast=True)
    yield postgres
    postgres.stop()


async def value(url: str, query: str) -> object:
    """The first value of a query."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def mode(path: Path) -> int:
    """Permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def start_elsewhere(folder: Path) -> tuple[subprocess.Popen[str], str, int]:
    """A process that starts the server, the owner's URL, and the server's process id."""
    command = [sys.executable, "-c", KILLED_STARTER, str(folder)]
    starter = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    url, process_id = starter.stdout.readline().split()
    starter.stdout.close()
    return starter, url, int(process_id)


def kill(starter: subprocess.Popen[str]) -> None:
    """End it as the kernel would."""
    starter.kill()
    starter.wait()


async def test_two_plain_roles(postgres: EmbeddedPostgres) -> None:
    urls = postgres.start()
    assert await value(urls.owner, "SELECT current_user::text") == OWNER
    assert await value(urls.server, "SELECT current_user::text") == SERVER
    superusers = "SELECT count(*) FROM pg_roles WHERE rolsuper AND rolcanlogin AND rolname <> 'postgres'"
    assert await value(urls.server, superusers) == 0
    await value(urls.owner, "CREATE TABLE public.things ()")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await value(urls.server, "CREATE TABLE public.others ()")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await value(urls.server, "SELECT count(*) FROM public.things")


@pytest.mark.parametrize("login", [(OWNER, "wrong"), (SERVER, ""), ("postgres", ""), ("postgres", "postgres")])
async def test_refuses_another_password_and_the_superuser(postgres: EmbeddedPostgres, login: tuple[str, str]) -> None:
    url = make_url(postgres.start().owner).set(username=login[0], password=login[1] or None)
    with pytest.raises((asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InterfaceError)):
        await value(url.render_as_string(hide_password=False), "SELECT 1")


async def test_files_and_socket_are_closed_to_others(postgres: EmbeddedPostgres) -> None:
    urls = postgres.start()
    home = postgres.home
    assert mode(home / "data") == 0o700
    assert mode(Path(str(make_url(urls.owner).query["host"]))) == 0o700
    assert {mode(home / f"{role}.password") for role in ("owner", "server")} == {0o600}
    assert mode(home / "log") == 0o600
    assert await value(urls.server, "SHOW listen_addresses") == ""


def test_passwords_are_not_shown(postgres: EmbeddedPostgres) -> None:
    urls = postgres.start()
    password = str(make_url(urls.owner).password)
    assert len(password) >= 32
    assert password not in repr(urls)
    assert password not in subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_system_user_cannot_connect(postgres: EmbeddedPostgres) -> None:
    host = str(make_url(postgres.start().owner).query["host"])
    connect = f"import socket; socket.socket(socket.AF_UNIX).connect({host + '/.s.PGSQL.5432'!r})"
    daemon = pwd.getpwnam("daemon").pw_uid
    command = [
        "/usr/bin/env",
        "perl",
        "-MIO::Socket::UNIX",
        "-e",
        f"exit !IO::Socket::UNIX->new('{host}/.s.PGSQL.5432')",
    ]
    assert subprocess.run(command, check=False, cwd="/").returncode == 0, connect
    assert subprocess.run(command, check=False, cwd="/", user=daemon, extra_groups=[]).returncode != 0


async def test_second_start_keeps_data_and_passwords(postgres: EmbeddedPostgres, folder: Path) -> None:
    first = postgres.start()
    await value(first.owner, "CREATE TABLE kept AS SELECT 7 AS seven")
    postgres.stop()
    postgres.stop()
    again = EmbeddedPostgres(folder)
    second = again.start()
    assert second == first
    assert await value(second.owner, "SELECT seven FROM kept") == 7
    assert await value(second.owner, "SHOW fsync") == "on"
    again.stop()
    assert again.process_id is None


def test_one_user_at_a_time(postgres: EmbeddedPostgres, folder: Path) -> None:
    postgres.start()
    with pytest.raises(AlreadyRunning, match=f"in use by process {os.getpid()}"):
        EmbeddedPostgres(folder).start()
    with pytest.raises(AlreadyRunning):
        postgres.start()
    postgres.stop()


@pytest.mark.parametrize("is_server_killed", [False, True])
async def test_killed_predecessor(postgres: EmbeddedPostgres, folder: Path, is_server_killed: bool) -> None:
    starter, url, process_id = start_elsewhere(folder)
    await value(url, "CREATE TABLE kept AS SELECT 7 AS seven")
    if is_server_killed:
        os.kill(process_id, signal.SIGKILL)
    kill(starter)
    urls = postgres.start()
    assert not is_server(process_id, postgres.home / "data")
    assert await value(urls.owner, "SELECT seven FROM kept") == 7


async def test_process_id_of_the_predecessor_went_to_somebody_else(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    lock_file = postgres.home / "data" / "postmaster.pid"
    text = lock_file.read_text()
    postgres.stop()
    lock_file.write_text(text.replace(text.splitlines()[0], str(os.getppid()), 1))
    urls = postgres.start()
    assert await value(urls.owner, "SELECT 1") == 1


async def test_interrupted_creation_starts_over(postgres: EmbeddedPostgres, folder: Path) -> None:
    (folder / "data.new").mkdir()
    (folder / "data.new" / "PG_VERSION").write_text("18\n")
    assert await value(postgres.start().owner, "SELECT 1") == 1


def test_long_path_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("d" * 80) / ("e" * 40)
    folder.chmod(0o755)
    postgres = EmbeddedPostgres(deep, fast=True)
    sockets = Path(str(make_url(postgres.start().owner).query["host"]))
    assert mode(sockets) == 0o700
    assert (sockets / ".s.PGSQL.5432").is_socket()
    postgres.remove()
    assert not sockets.exists()
    assert not deep.exists()


def test_failing_start_shows_the_log(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.stop()
    (postgres.home / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedPostgresError, match="incompatible with server"):
        postgres.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="root's closed folder is the case")
async def test_folder_that_the_system_user_cannot_reach() -> None:
    closed = Path(tempfile.mkdtemp(prefix=PREFIX))
    postgres = EmbeddedPostgres(closed / "postgres", fast=True)
    try:
        urls: Urls = postgres.start()
        assert not postgres.home.is_relative_to(closed)
        assert (closed / "postgres" / "home").resolve() == postgres.home
        assert await value(with_database(urls.server, "gql_sales"), "SELECT 1") == 1
    finally:
        postgres.remove()
        shutil.rmtree(closed)
    assert not postgres.home.exists()
