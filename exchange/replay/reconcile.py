"""Reads all cases back and compares them with what was played: none lost, none doubled."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from exchange.replay.client import Api
from exchange.replay.plan import CallPlan
from exchange.replay.player import Played, Run

_PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What the console has of the calls that were played."""

    taken: int
    found: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    states: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0

    @property
    def clean(self) -> bool:
        """Say whether nothing was lost or doubled."""
        return not self.lost and not self.doubled

    def line(self) -> str:
        """Return the result in one line."""
        states = ", ".join(f"{state}: {n}" for state, n in sorted(self.states.items()))
        return (
            f"taken={self.taken} found={self.found} lost={len(self.lost)}"
            f" doubled={len(self.doubled)} unfinished={self.unfinished} ({states})"
        )


async def reconcile(
    api: Api, run: Run, plans: Sequence[CallPlan], played: Played
) -> Reconciliation:
    """Return what became of every call whose report was taken."""
    rows = await _read_back(api, run)
    found: dict[str, list[str]] = {}
    for key, state in rows:
        found.setdefault(key, []).append(state)
    ends = {plan.call.key: plan.ends_in for plan in plans}
    ours = {key: states for key, states in found.items() if key in ends}
    given_up = set(played.given_up)
    return Reconciliation(
        taken=len(played.cases),
        found=len(ours),
        lost=tuple(sorted((set(played.cases) - set(ours)) | given_up)),
        doubled=tuple(sorted(key for key, states in ours.items() if len(states) > 1)),
        states=Counter(state for states in ours.values() for state in states),
        unfinished=sum(
            states[0] != ends[key] for key, states in ours.items() if key in played.cases
        ),
    )


async def _read_back(api: Api, run: Run) -> list[tuple[str, str]]:
    mark = re.compile(re.escape(f"[{run.name}:") + r"([^\]]+)\]")
    rows: list[tuple[str, str]] = []
    query = {"q": f"[{run.name}:", "limit": _PAGE}
    while True:
        reply = await api.get("cases", query)
        if not reply.well:
            raise RuntimeError(f"the cases cannot be read back: {reply.code}")
        for item in reply.body["items"]:
            marked = mark.search(item["text"])
            if marked:
                rows.append((marked[1], item["state"]))
        if reply.body["next"] is None:
            return rows
        query["cursor"] = reply.body["next"]
