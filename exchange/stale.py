"""Who was faster: a late command is told the present version, who changed the case, when, and what happened since."""

from typing import Any, Final

from vocabulary.errors import Refused

# code → the names its sentence has for: present version, who, when
STALE: Final = {
    "incidents.stale": ("version", "who", "at"),
    "journal.stale": ("current_version", "who", "at"),
}
_TOLD: Final = ("current_version", "changed_by", "changed_at")


def told_stale(refused: Refused, changes: list[dict[str, Any]]) -> Refused:
    """Return the same refusal with the names every stale answer has, and the changes since."""
    named = dict(zip(_TOLD, (refused.values.get(n) for n in STALE[refused.code]), strict=True))
    return Refused(refused.code, **{**refused.values, **named, "changes": changes})
