"""What the API asks of the console for handing a shift over."""

from typing import Protocol

from exchange.ports import Answer, Json, Once
from incidents.handover.messages import CountersignShift, SignShift, WithdrawShift
from security.principal import Principal


class ShiftService(Protocol):
    """Sheets of what stands open, signed by who goes and by who comes."""

    async def shift_sheet(self, principal: Principal) -> Json:
        """Return the sheet as it would be signed now; nothing is kept."""
        ...

    async def handovers(self, principal: Principal, limit: int) -> list[Json]:
        """Return the newest handovers without their cases, those that wait first."""
        ...

    async def handover(self, principal: Principal, handover_id: str) -> Json:
        """Return one with its cases; Refused with 404 where there is none."""
        ...

    async def print_handover(self, principal: Principal, handover_id: str, language: str) -> bytes:
        """Return one as a PDF."""
        ...

    async def sign_shift(self, principal: Principal, wish: SignShift, once: Once) -> Answer:
        """Sign what stands open now: 201 with {"handover", "seq"}."""
        ...

    async def countersign_shift(
        self, principal: Principal, wish: CountersignShift, once: Once
    ) -> Answer:
        """Take a shift over: 200 with {"handover", "seq"}; 409 where somebody did."""
        ...

    async def withdraw_shift(self, principal: Principal, wish: WithdrawShift, once: Once) -> Answer:
        """Take one's signature back: 200 with {"handover", "seq"}."""
        ...
