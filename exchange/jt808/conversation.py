"""One terminal's conversation: registered, known by its code, then heard; every message is answered as the standard says."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hmac import compare_digest
from typing import Final

from county.datum import to_wgs84
from exchange.avl import Fix, FixTaken, FixTaker, Terminal
from exchange.jt808.answers import Admission, Outcome, general, registered
from exchange.jt808.bodies import (
    Location,
    read_authentication,
    read_batch,
    read_location,
    read_registration,
)
from exchange.jt808.frame import Frame
from exchange.ports import PositionReport
from vocabulary.errors import Refused, Unavailable
from vocabulary.place import Place

WIRE: Final = "jt808"
PARTS_MOST: Final = 64
Answerer = Callable[[Frame], Awaitable[Frame | None]]


@dataclass(slots=True)
class Parted:
    """A message that comes in packages."""

    message: int
    first: int
    parts: int
    pieces: dict[int, bytes] = field(default_factory=dict)

    def whole(self) -> bytes | None:
        """Return the body once every package is there."""
        if len(self.pieces) < self.parts:
            return None
        return b"".join(self.pieces[number] for number in range(1, self.parts + 1))


class Conversation:
    """What one connection knows. `hear` never raises what a terminal could cause: it counts it and answers."""

    def __init__(self, taker: FixTaker, peer: str) -> None:
        self._taker, self._peer = taker, peer
        self._serial = -1
        self._parted: Parted | None = None
        self.known: Terminal | None = None
        self._answerers: dict[int, Answerer] = {
            0x0001: self._silent,  # a terminal's own general answer
            0x0002: self._heartbeat,
            0x0003: self._left,
            0x0100: self._register,
            0x0102: self._authenticate,
            0x0200: self._locate,
            0x0704: self._locate_many,
        }

    async def hear(self, frame: Frame) -> Frame | None:
        """Return the answer to one message, None where the standard gives none."""
        try:
            whole = self._joined(frame)
            if whole is None:
                return self._general(frame, Outcome.DONE)
            answerer = self._answerers.get(whole.message)
            if answerer is None:
                return self._general(frame, Outcome.UNSUPPORTED)
            return await answerer(whole)
        except Refused as problem:
            self._taker.refuse(WIRE, self._peer, problem, frame.body)
            return self._general(frame, Outcome.WRONG)
        except Unavailable:
            return self._general(frame, Outcome.FAILED)

    def _general(self, frame: Frame, outcome: Outcome) -> Frame:
        self._serial += 1
        return general(frame, self._serial, outcome)

    def _joined(self, frame: Frame) -> Frame | None:
        """Return the message once all of its packages are there; packages of one message follow each other by serial."""
        if frame.parts == 1:
            return frame
        if frame.parts > PARTS_MOST:
            raise Refused("jt808.too_many_parts", n=frame.parts, most=PARTS_MOST)
        first = (frame.serial - frame.part + 1) & 0xFFFF
        held = self._parted
        if held is None or (held.message, held.first, held.parts) != (
            frame.message,
            first,
            frame.parts,
        ):
            held = self._parted = Parted(frame.message, first, frame.parts)
        held.pieces[frame.part] = frame.body
        body = held.whole()
        if body is None:
            return None
        self._parted = None
        return replace(frame, body=body, parts=1, part=1)

    async def _silent(self, _frame: Frame) -> Frame | None:
        return None

    async def _register(self, frame: Frame) -> Frame | None:
        said = read_registration(frame.body, frame.version)
        terminal = await self._taker.terminal(frame.terminal)
        admission, code = Admission.ADMITTED, ""
        if terminal is None or terminal.unit_id is None:
            admission = Admission.NO_TERMINAL
            self._tell(Refused("jt808.unknown_terminal", terminal=masked(frame.terminal)), frame)
        elif terminal.plate and said.plate != terminal.plate:
            admission = Admission.NO_VEHICLE
            self._tell(
                Refused("jt808.other_plate", told=said.plate, expected=terminal.plate), frame
            )
        else:
            code = self._taker.terminal_code(frame.terminal)
        self._serial += 1
        return registered(frame, self._serial, admission, code)

    async def _authenticate(self, frame: Frame) -> Frame | None:
        said = read_authentication(frame.body, frame.version)
        terminal = await self._taker.terminal(frame.terminal)
        code = self._taker.terminal_code(frame.terminal).encode()
        if (
            terminal is None
            or terminal.unit_id is None
            or not compare_digest(said.code.encode(), code)
        ):
            self._tell(Refused("jt808.bad_code", terminal=masked(frame.terminal)), frame)
            return self._general(frame, Outcome.FAILED)
        self.known = terminal
        self._taker.terminal_heard(terminal.id, connected=True)
        return self._general(frame, Outcome.DONE)

    async def _heartbeat(self, frame: Frame) -> Frame | None:
        if self.known:
            self._taker.terminal_heard(self.known.id, connected=True)
        return self._general(frame, Outcome.DONE)

    async def _left(self, frame: Frame) -> Frame | None:
        self.known = None
        return self._general(frame, Outcome.DONE)

    async def _locate(self, frame: Frame) -> Frame | None:
        terminal = await self._need_known(frame)
        return self._general(frame, await self._take(terminal, [frame.body]))

    async def _locate_many(self, frame: Frame) -> Frame | None:
        terminal = await self._need_known(frame)
        return self._general(frame, await self._take(terminal, read_batch(frame.body)))

    async def _need_known(self, frame: Frame) -> Terminal:
        """Return who speaks; the mapping may have been changed since it proved itself."""
        if self.known is None or self.known.id != frame.terminal:
            raise Refused("jt808.not_authenticated", terminal=masked(frame.terminal))
        terminal = await self._taker.terminal(frame.terminal)
        if terminal is None or terminal.unit_id is None:
            raise Refused("jt808.unknown_terminal", terminal=masked(frame.terminal))
        return terminal

    async def _take(self, terminal: Terminal, bodies: list[bytes]) -> Outcome:
        """Keep what can be kept; what cannot is counted, and is no reason to be sent all of it again."""
        self._taker.terminal_heard(terminal.id, connected=True)
        fixes, raws = [], []
        outcome = Outcome.DONE
        for raw in bodies:
            try:
                location = read_location(raw)
            except Refused as problem:
                self._taker.refuse(WIRE, self._peer, problem, raw)
                outcome = Outcome.WRONG
                continue
            if location.positioned:
                fixes.append(fix_of(terminal, location))
                raws.append(raw)
        taken = await self._taker.take_fixes(fixes) if fixes else []
        for raw, one in zip(raws, taken, strict=True):
            self._note(raw, one)
        return outcome

    def _note(self, raw: bytes, taken: FixTaken) -> None:
        if isinstance(taken.refused, Refused):
            self._taker.refuse(WIRE, self._peer, taken.refused, raw)

    def _tell(self, problem: Refused, frame: Frame) -> None:
        self._taker.refuse(WIRE, self._peer, problem, frame.body)


def fix_of(terminal: Terminal, location: Location) -> Fix:
    """Return a location as a fix of the terminal's unit, in WGS 84."""
    lons, lats = to_wgs84(terminal.datum, [location.lon_deg], [location.lat_deg])
    observed_at: datetime = location.observed_at
    return Fix(
        unit_id=terminal.unit_id or "",
        source=WIRE,
        report=PositionReport(
            place=Place(float(lons[0]), float(lats[0])),
            observed_at=observed_at,
            speed_mps=location.speed_mps,
            heading_deg=location.heading_deg,
        ),
    )


def masked(number: str) -> str:
    """Return a terminal's number as it may stand in a log: its last four digits."""
    return f"…{number[-4:]}"
