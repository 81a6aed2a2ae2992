"""What an import took, mended and left out, layer by layer and row by row, told in both languages and kept as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vocabulary.errors import sentence

SHOWN_ROWS: Final = 5
# What lies beyond the county and its margin is cut off the map; that is no fault of the file.
NO_FAULT: Final = frozenset({"outside"})


@dataclass(frozen=True, slots=True)
class Note:
    """One thing worth saying about the import; `code` names its sentence."""

    code: str
    values: dict[str, object]

    def text(self, language: str = "zh") -> str:
        """Return the sentence with its values filled in."""
        return sentence(self.code, language).format(**self.values)


@dataclass(slots=True)
class LayerReport:
    """The count of one layer: `accepted` includes `repaired`; `refused` maps a reason (`why` or `why:what`) to how many.

    `rows` are the first few row numbers of each reason, `sources` the files it came from and the frame they were in.
    """

    layer: str
    accepted: int = 0
    repaired: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)

    def refuse(self, reason: str, count: int = 1, rows: Sequence[int] = ()) -> None:
        """Count `count` features left out because of `reason`."""
        if count:
            self.refused[reason] = self.refused.get(reason, 0) + count
            known = self.rows.setdefault(reason, [])
            known += [int(row) for row in rows[: SHOWN_ROWS - len(known)]]

    def refuse_where(
        self, reason: str, which: NDArray[np.bool_], rows: NDArray[np.int64] | None = None
    ) -> None:
        """Count the features that `which` marks; `rows` are their numbers in the file."""
        self.refuse(reason, int(which.sum()), [] if rows is None else rows[which].tolist())

    @property
    def faults(self) -> int:
        """Return how many rows were left out for a fault of their own."""
        return sum(n for why, n in self.refused.items() if why not in NO_FAULT)

    def line(self, language: str) -> str:
        """Return the count as one line of text."""
        told = [self._reason(why, n, language) for why, n in self.refused.items()]
        return sentence("county.report_layer", language).format(
            layer=sentence(f"county.layer_{self.layer}", language),
            accepted=self.accepted,
            repaired=self.repaired,
            refused="; ".join(told) or "0",
        )

    def _reason(self, reason: str, count: int, language: str) -> str:
        why, _, what = reason.partition(":")
        said = sentence(f"county.why_{why}", language) + (f" {what}" if what else "")
        rows = ", ".join(str(row) for row in self.rows.get(reason, ()))
        if not rows:
            return f"{said} {count}"
        more = "…" if count > len(self.rows[reason]) else ""
        return sentence("county.report_rows", language).format(
            why=said, count=count, rows=rows + more
        )


class Reports:
    """The counts of an import, one per layer, in the order in which they were first asked for."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._of: dict[str, LayerReport] = {}

    def of(self, layer: str) -> LayerReport:
        """Return the count of one layer."""
        return self._of.setdefault(layer, LayerReport(layer))

    def forget(self, layer: str) -> None:
        """Begin a layer's count again."""
        self._of.pop(layer, None)

    @property
    def all(self) -> tuple[LayerReport, ...]:
        """Return every count."""
        return tuple(self._of.values())


@dataclass(slots=True)
class ImportReport:
    """The whole import: whose county, what came in, what was mended, how long it took."""

    code: str
    name_zh: str
    name_en: str
    version: str
    layers: tuple[LayerReport, ...]
    notes: tuple[Note, ...]
    took_s: float

    def layer(self, name: str) -> LayerReport:
        """Return the count of one layer (an empty count for a layer that is not there)."""
        return next((each for each in self.layers if each.layer == name), LayerReport(name))

    @property
    def faults(self) -> int:
        """Return how many rows were left out for a fault of their own."""
        return sum(each.faults for each in self.layers)

    def lines(self, language: str = "zh") -> list[str]:
        """Return the report as lines of text for the command line and the page."""
        return [note.text(language) for note in self.notes] + [
            each.line(language) for each in self.layers
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is kept beside the county."""
        return {
            "code": self.code, "name_zh": self.name_zh, "name_en": self.name_en, "version": self.version,
            "took_s": round(self.took_s, 2),
            "layers": [
                {
                    "layer": each.layer, "sources": each.sources, "accepted": each.accepted, "repaired": each.repaired,
                    "refused": [
                        {"why": why, "count": count, "rows": each.rows.get(why, [])} for why, count in each.refused.items()
                    ],
                }
                for each in self.layers
            ],
            "notes": [
                {"code": note.code, "zh": note.text("zh"), "en": note.text("en")} for note in self.notes
            ],
        }  # fmt: skip
