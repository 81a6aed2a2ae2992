"""Care of the console from its page: how it stands inside, and backups made in the background."""

import asyncio
import shutil
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Connection, func, select

from live.hub import Hub
from runtime.admin_work import AdminWork
from runtime.backups import Backup, backups_in, make_backup
from runtime.rooms import Rooms
from security.administration import Administration
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.backup import SQLITE_FILE
from storage.effects import StoredDeadLetters
from storage.engine import store_url
from storage.journal import select_last_seq
from storage.tables import cases, outbox
from storage.transaction import Transaction
from vocabulary.clock import to_text
from vocabulary.errors import Refused, Told

log = structlog.get_logger()
Json = dict[str, Any]
OUTBOX_LATE: Final = 200
DISK_LOW_BYTES: Final = 5 * 2**30
DISK_LATE_BYTES: Final = 2**30


class CareWork:
    """Health and backups of `exchange.admin_ports.AdminService`."""

    def __init__(self, rooms: Rooms, hub: Hub, home: Path, database_url: str) -> None:
        self._rooms, self._hub, self._home = rooms, hub, home
        self._url = store_url(database_url, home)
        self._folder = home / "backups"
        self._running: asyncio.Task[None] | None = None
        self._since = self._step = self._problem = ""

    async def inner_health(self, _principal: Principal) -> Json:
        """Return queues, ages, dead letters and disk, each with how it stands: ok, warn or late."""

        def work(connection: Connection) -> tuple[int, int, int]:
            waiting = connection.execute(select(func.count()).select_from(outbox)).scalar_one()
            opened = select(func.count()).select_from(cases).where(cases.c.open.is_(True))
            return select_last_seq(connection), waiting, connection.execute(opened).scalar_one()

        seq, waiting, opened = await self._rooms.journal.read(work)
        letters = await StoredDeadLetters(self._rooms.journal).count()
        disk = await asyncio.to_thread(shutil.disk_usage, self._home)
        bus_up = self._hub.bus is not None and self._hub.bus.up
        latency = self._hub.latency.percentiles()
        rows = [
            _row("seq", seq, "count"),
            _row("open_cases", opened, "count"),
            _row("bus", int(bus_up), "up", "ok" if bus_up else "late"),
            _row("outbox", waiting, "count", "ok" if waiting < OUTBOX_LATE else "warn"),
            _row("dead_letters", letters, "count", "late" if letters else "ok"),
            _row("listeners", len(self._hub.listeners), "count"),
            _row("resets", self._hub.resets, "count"),
            _row("unreadable", self._hub.unreadable, "count", _some(self._hub.unreadable)),
            _row("painted_p50", latency.p50, "ms"),
            _row("painted_p95", latency.p95, "ms"),
            _row("disk_free", disk.free, "bytes", _disk(disk.free)),
            _row("store_size", await asyncio.to_thread(self._store_bytes), "bytes"),
            *self._ages(),
        ]
        return {"items": rows, "at": to_text(self._rooms.clock.now())}

    def _ages(self) -> list[Json]:
        ages = self._hub.ages.in_ms()
        return [_row(f"age_{name}", age, "ms") for name, age in ages.items()]

    def _store_bytes(self) -> int | None:
        files = [self._home / (SQLITE_FILE + end) for end in ("", "-wal")]
        return sum(file.stat().st_size for file in files if file.exists()) or None

    async def backups(self, _principal: Principal) -> Json:
        """Return what backups there are, and how the one under way stands."""
        found = await asyncio.to_thread(backups_in, self._folder)
        running = self._running is not None and not self._running.done()
        return {
            "items": [_backup(one) for one in found],
            "under_way": {"since": self._since, "step": self._step} if running else None,
            "last_problem": self._problem,
        }

    async def start_backup(self, principal: Principal) -> Json:
        """Begin one in the background; who began it is in the audit trail."""
        if self._running is not None and not self._running.done():
            raise Refused("backup.under_way")
        at = self._rooms.clock.now()

        def work(transaction: Transaction, /) -> None:
            entry = entry_of(principal, "backup.make", "home", at)
            append_audit(transaction.connection, entry, self._rooms.audit_key)

        await self._rooms.journal.write(work)
        self._since, self._step, self._problem = to_text(at), "", ""
        self._running = asyncio.create_task(self._back_up())
        return await self.backups(principal)

    async def _back_up(self) -> None:
        at = self._rooms.clock.now()
        try:
            await asyncio.to_thread(
                make_backup,
                self._home,
                self._url,
                self._folder,
                at,
                with_secrets=False,
                say=self._say,
            )
        except Told as problem:
            self._problem = problem.code
            log.warning("backup_failed", code=problem.code, problem=str(problem))
        except Exception:
            self._problem = "backup.failed"
            log.exception("backup_failed")

    def _say(self, step: str) -> None:
        self._step = step


def _row(name: str, value: float | None, unit: str, level: str = "ok") -> Json:
    return {"name": name, "value": value, "unit": unit, "level": level}


def _some(n: int) -> str:
    return "warn" if n else "ok"


def _disk(free: int) -> str:
    if free < DISK_LATE_BYTES:
        return "late"
    return "warn" if free < DISK_LOW_BYTES else "ok"


def _backup(one: Backup) -> Json:
    return {
        "name": Path(one.folder).name,
        "made_at": one.made_at,
        "bytes": one.bytes,
        "files": one.files,
        "with_secrets": one.with_secrets,
    }


class Administering(AdminWork, CareWork):
    """`exchange.admin_ports.AdminService`."""

    def __init__(
        self, rooms: Rooms, admin: Administration, hub: Hub, home: Path, database_url: str
    ) -> None:
        AdminWork.__init__(self, rooms, admin, home)
        CareWork.__init__(self, rooms, hub, home, database_url)
