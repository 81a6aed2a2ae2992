"""The door of positions: each kept once in its unit's track, the newest told to the screens, what is wrong counted and kept."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from dispatch.duty import status_at
from dispatch.handlers import known_unit
from dispatch.model import Position, Unit
from exchange.avl import Fix, FixTaken, Heard, Terminal
from runtime.positions import PositionTeller
from runtime.refused_frames import RefusedFrames
from runtime.rooms import Rooms
from runtime.sight import need_own
from security.principal import Principal
from storage.tracks import keep_track, load_terminal
from storage.transaction import Transaction
from storage.units import UnitsInTransaction, keep_position
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.ids import UnitId

AHEAD_ALLOWED: Final = timedelta(minutes=2)  # a device's clock may run ahead this far
CODE_LENGTH: Final = 16


class PositionDoor:
    """`exchange.avl.FixTaker`: every wire brings its positions here."""

    def __init__(self, rooms: Rooms, teller: PositionTeller, refused: RefusedFrames) -> None:
        self._rooms = rooms
        self._teller = teller
        self.refused_frames = refused
        self.refused: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.twice: Counter[str] = Counter()
        self.heard: dict[str, Heard] = {}

    async def take_fixes(
        self, fixes: Sequence[Fix], principal: Principal | None = None
    ) -> list[FixTaken]:
        """Keep positions, each by itself, in one transaction; tell of the newest of each unit."""
        checked = [self._checked(fix) for fix in fixes]

        def work(transaction: Transaction, /) -> list[tuple[FixTaken, Unit | None]]:
            units: dict[str, Unit] = {}
            return [
                self._keep(transaction, units, fix, seen, principal)
                for fix, seen in zip(fixes, checked, strict=True)
            ]

        kept = await self._rooms.journal.write(work)
        await self._tell(checked, kept)
        return [taken for taken, _unit in kept]

    def _checked(self, fix: Fix) -> Position | Refused:
        try:
            seen = position_of(fix, self._rooms.clock.now())
            self._rooms.locator.require_inside(seen.place)
        except Refused as problem:
            return problem
        return seen

    def _keep(
        self,
        transaction: Transaction,
        units: dict[str, Unit],
        fix: Fix,
        seen: Position | Refused,
        principal: Principal | None,
    ) -> tuple[FixTaken, Unit | None]:
        try:
            if isinstance(seen, Refused):
                raise seen
            if fix.unit_id not in units:
                units[fix.unit_id] = known_unit(UnitsInTransaction(transaction), fix.unit_id)
            unit = units[fix.unit_id]
            if principal is not None:
                need_own(principal, unit)
        except Refused as problem:
            return FixTaken(refused=problem), None
        self.taken[fix.source] += 1
        if not keep_track(transaction.connection, seen, fix.source):
            self.twice[fix.source] += 1
        return FixTaken(newest=keep_position(transaction.connection, seen)), unit

    async def _tell(
        self,
        checked: Sequence[Position | Refused],
        kept: Sequence[tuple[FixTaken, Unit | None]],
    ) -> None:
        """Tell the newest of each unit; what it overtook in the same breath is nobody's news."""
        newest: dict[str, tuple[Position, Unit]] = {}
        for seen, (taken, unit) in zip(checked, kept, strict=True):
            if taken.newest and unit is not None and isinstance(seen, Position):
                newest[unit.id] = (seen, unit)
        zone = self._rooms.tables.calendar.zone
        for seen, unit in newest.values():
            await self._teller.tell(seen, status_at(unit, seen.received_at, zone))

    async def terminal(self, id: str) -> Terminal | None:
        """Return a terminal that was made known."""
        found = await self._rooms.journal.read(lambda connection: load_terminal(connection, id))
        if found is None:
            return None
        return Terminal(id=found.id, unit_id=found.unit_id, plate=found.plate, datum=found.datum)

    def terminal_code(self, id: str) -> str:
        """Return the code of a terminal: the same as long as the office's key is, so that a restart asks nobody anew."""
        return self._rooms.keyring.digest(f"jt808:{id}")[:CODE_LENGTH]

    def terminal_heard(self, id: str, *, connected: bool) -> None:
        """Note that a terminal spoke, or went."""
        self.heard[id] = Heard(connected=connected, heard_at=self._rooms.clock.now())

    def refuse(self, wire: str, peer: str, problem: Refused, raw: bytes) -> None:
        """Count what could not be taken, and keep it for inspection."""
        self.refused[problem.code] += 1
        self.refused_frames.book.refuse(wire, peer, problem, raw)


def position_of(fix: Fix, now: datetime) -> Position:
    """Return a fix as a position received now; one from the future is refused, because it would stand for hours."""
    report = fix.report
    observed_at = report.observed_at or now
    if observed_at - now > AHEAD_ALLOWED:
        ahead_s = round((observed_at - now).total_seconds())
        raise Refused(
            "dispatch.position_from_the_future", observed_at=to_text(observed_at), ahead_s=ahead_s
        )
    return Position(
        unit_id=UnitId(fix.unit_id),
        place=report.place,
        observed_at=observed_at,
        received_at=now,
        speed_mps=report.speed_mps,
        heading_deg=report.heading_deg,
        accuracy_m=report.accuracy_m,
    )
