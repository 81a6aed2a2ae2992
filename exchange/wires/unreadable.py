"""Bytes that a wire cannot be read from: which wire, which element, what stood there and what would be right."""

from vocabulary.errors import Refused

MOST_SHOWN = 60


class Unreadable(Refused):
    """A frame, a payload or a row that is broken; nothing of it was taken."""

    def __init__(
        self, code: str, *, wire: str, element: str, value: object = "", wanted: object = ""
    ) -> None:
        """Keep what the sentence names, the value shortened and without bytes that cannot be shown."""
        super().__init__(code, wire=wire, element=element, value=shown(value), wanted=shown(wanted))


def shown(value: object) -> str:
    """Return a value fit for a sentence and for the store: printable, and not longer than a line."""
    text = value.hex(" ") if isinstance(value, bytes | bytearray) else str(value)
    text = "".join(letter if letter.isprintable() else "�" for letter in text[: MOST_SHOWN + 1])
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"
