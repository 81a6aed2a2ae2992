"""What may leave by the bus: an event's members with phone and identity numbers masked in everything people wrote."""

from typing import Any

from bus.codec import Codec
from security.masking import FREE_TEXT, mask_text
from vocabulary.message import Event


class Redaction:
    """Masks an event's free text and keeps its shape."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    def __call__(self, event: Event) -> dict[str, Any]:
        """Return the event's members as they may be told."""
        members = self._codec.to_dict(event)
        return {
            name: mask_text(value) if name in FREE_TEXT and isinstance(value, str) else value
            for name, value in members.items()
        }
