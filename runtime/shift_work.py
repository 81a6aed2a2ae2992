"""Shifts for the API: the sheet of what stands open, signed twice, listed and printed."""

from typing import Any

from sqlalchemy import Connection

from exchange.pdf import print_pdf, template_text
from exchange.ports import Once
from incidents.handover import handlers
from incidents.handover.handlers import Changed
from incidents.handover.messages import CountersignShift, SignShift, WithdrawShift
from incidents.handover.model import Handover, Sheet
from incidents.handover.rules import make_sheet
from incidents.handover.summary import handover_row, sheet_row
from runtime.once import answer_once
from runtime.rooms import Rooms
from security.principal import Principal
from storage.answers import Answer
from storage.case_list import open_cases
from storage.handovers import HandoversInTransaction, load_handover, newest_handovers
from storage.transaction import Transaction
from views.paper_words import PaperWords
from views.shift_paper import shift_paper
from vocabulary.errors import Refused
from vocabulary.ids import new_id

Json = dict[str, Any]
CREATED, DONE = 201, 200


class ShiftWork:
    """`exchange.shift_ports.ShiftService`."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def shift_sheet(self, principal: Principal) -> Json:
        """Return the sheet as it would be signed now."""
        _need_centre(principal)
        return sheet_row(await self._sheet())

    async def _sheet(self) -> Sheet:
        now = self._rooms.clock.now()
        # On a read connection, in a thread: ten thousand cases would keep the writer for a second.
        return await self._rooms.journal.read(
            lambda connection: make_sheet(open_cases(connection), now)
        )

    async def handovers(self, principal: Principal, limit: int) -> list[Json]:
        """Return the newest handovers without their cases, those that wait first."""
        _need_centre(principal)
        found = await self._rooms.journal.read(
            lambda connection: newest_handovers(connection, limit)
        )
        return [handover_row(one, items=False) for one in found]

    async def handover(self, principal: Principal, handover_id: str) -> Json:
        """Return one handover with its cases."""
        return handover_row(await self._known(principal, handover_id))

    async def print_handover(self, principal: Principal, handover_id: str, language: str) -> bytes:
        """Return one handover as a PDF in a language."""
        handover = await self._known(principal, handover_id)
        rooms = self._rooms
        words = PaperWords(rooms.tables, language)
        county = words.either(rooms.county.name_zh, rooms.county.name_en)
        now = rooms.clock.now()
        paper = shift_paper(handover_row(handover), words, county, principal.actor.name, now)
        return await print_pdf(template_text("shift"), paper, at=now)

    async def _known(self, principal: Principal, handover_id: str) -> Handover:
        _need_centre(principal)

        def work(connection: Connection) -> Handover | None:
            return load_handover(connection, handover_id)

        found = await self._rooms.journal.read(work)
        if found is None:
            raise Refused("shift.unknown", value=handover_id)
        return found

    async def sign_shift(self, principal: Principal, wish: SignShift, once: Once) -> Answer:
        """Sign, as who goes, what stands open now."""
        _need_centre(principal)
        sheet = await self._sheet()

        def work(transaction: Transaction, /) -> Answer:
            handovers = HandoversInTransaction(transaction)
            changed = handlers.sign(
                handovers, wish, sheet, handover_id=new_id(), actor=principal.actor
            )
            return _answer(CREATED, changed)

        return await self._sign_once(principal, once, "shift.sign", work)

    async def countersign_shift(
        self, principal: Principal, wish: CountersignShift, once: Once
    ) -> Answer:
        """Take a shift over as who comes."""
        _need_centre(principal)

        def work(transaction: Transaction, /) -> Answer:
            handovers = HandoversInTransaction(transaction)
            return _answer(DONE, handlers.countersign(handovers, wish, actor=principal.actor))

        return await self._sign_once(principal, once, "shift.countersign", work)

    async def withdraw_shift(self, principal: Principal, wish: WithdrawShift, once: Once) -> Answer:
        """Take one's own signature back."""
        _need_centre(principal)

        def work(transaction: Transaction, /) -> Answer:
            handovers = HandoversInTransaction(transaction)
            return _answer(DONE, handlers.withdraw(handovers, wish, actor=principal.actor))

        return await self._sign_once(principal, once, "shift.withdraw", work)

    async def _sign_once(self, principal: Principal, once: Once, action: str, work: Any) -> Answer:
        return await answer_once(self._rooms, principal, once, action, work, _handover_of)


def _need_centre(principal: Principal) -> None:
    # The sheet shows the whole county's cases; a department sees its own alone.
    if principal.actor.department is not None:
        raise Refused("shift.centre_only", department=principal.actor.department)


def _answer(status: int, changed: Changed) -> Answer:
    return Answer(status, {"handover": handover_row(changed.handover), "seq": changed.seq})


def _handover_of(body: Json) -> str:
    return f"handover:{body['handover']['id']}"
