"""When a thing is due and how old one is, by the monotonic clock."""

from time import monotonic


class Every:
    """Says yes once per period."""

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._due = monotonic() + period_s

    def due(self, now: float) -> bool:
        """Say whether the period is over; lateness does not add up, and nothing is made up for."""
        if now < self._due:
            return False
        self._due = max(self._due + self._period_s, now)
        return True


class Ages:
    """How long ago each kind of data was heard; None until it is heard once."""

    def __init__(self) -> None:
        self._heard: dict[str, float | None] = {"cases": None, "units": None, "readings": None}

    def heard(self, kind: str) -> None:
        """Note that this kind was heard now."""
        self._heard[kind] = monotonic()

    def in_ms(self) -> dict[str, int | None]:
        """Return the ages in milliseconds."""
        now = monotonic()
        return {
            kind: None if at is None else int((now - at) * 1000) for kind, at in self._heard.items()
        }
