"""Positions by MQTT, as the HTTP API takes them: `ov1/COUNTY/unit/DEPARTMENT/UNIT/position`, one or a list."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from pydantic import TypeAdapter, ValidationError

from exchange.avl import Fix, FixTaker
from exchange.bodies import PositionBody
from exchange.json_body import read_json
from vocabulary.errors import Refused

WIRE: Final = "mqtt"
REFUSED_AS: Final = "positions"  # by MQTT come readings too
POSITIONS: Final = "ov1/+/unit/+/+/position"
MOST: Final = 500
_TOPIC: Final = re.compile(r"ov1/[^/]+/unit/[^/]+/([A-Za-z0-9_.:-]{1,40})/position")
_bodies: Final = TypeAdapter(list[PositionBody])


class Link(Protocol):
    """What the console's one MQTT connection offers: handlers by topic filter."""

    def on(
        self,
        topic_filter: str,
        handle: Callable[[str, bytes], Awaitable[None]],
        *,
        shared: bool = True,
    ) -> None:
        """Call `handle(topic, payload)`; Refused is counted, Unavailable is tried again."""
        ...


class MqttPositions:
    """The handler of positions."""

    def __init__(self, taker: FixTaker) -> None:
        self._taker = taker

    def join(self, link: Link) -> None:
        """Hear positions; several consoles of one broker share them."""
        link.on(POSITIONS, self.hear)

    async def hear(self, topic: str, payload: bytes) -> None:
        """Keep a message's positions; acknowledged once they are in the store. What is wrong is counted and kept."""
        try:
            fixes = read_positions(topic, payload)
        except Refused as problem:
            self._taker.refuse(REFUSED_AS, topic[:80], problem, payload)
            return
        for taken in await self._taker.take_fixes(fixes):
            if isinstance(taken.refused, Refused):
                self._taker.refuse(REFUSED_AS, topic[:80], taken.refused, payload)


def read_positions(topic: str, payload: bytes) -> list[Fix]:
    """Return the positions of a message, or refuse it by the field that is wrong."""
    found = _TOPIC.fullmatch(topic)
    if found is None:
        raise Refused("avl.bad_topic", value=topic[:120])
    told: Any = read_json(payload)
    items = told if isinstance(told, list) else [told]
    if not 1 <= len(items) <= MOST:
        raise Refused("avl.bad_count", n=len(items), most=MOST)
    try:
        bodies = _bodies.validate_python(items)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Refused("avl.bad_position", field=field, problem=first["msg"]) from None
    return [Fix(unit_id=found[1], report=body.position(), source=WIRE) for body in bodies]
