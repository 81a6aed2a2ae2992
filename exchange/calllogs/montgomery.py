"""The Montgomery County (Pennsylvania) log: one row per call with free text and a title, in no order, without what came after."""

import hashlib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from exchange.calllogs.extent import Extent
from exchange.calllogs.local_time import happened_twice, need_local
from exchange.calllogs.model import CallLog, LoggedCall, Moment, Step
from exchange.calllogs.montgomery_words import CATEGORIES, SERVICES
from exchange.calllogs.rows import BadRow, Row, refusal, required, take_rows
from vocabulary.place import Place

NAME: Final = "montgomery"
ZONE: Final = ZoneInfo("America/New_York")
FORM: Final = "%Y-%m-%d %H:%M:%S"
# The county, and 0.08° (7 to 9 km) around for calls it answers for its neighbours.
EXTENT: Final = Extent(-75.78, 39.89, -74.93, 40.53)
# The middle of the county: the log's own position for what it could not locate.
NOT_LOCATED: Final = Place(-75.3878525, 40.2290075)
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
COLUMNS: Final = ("lat", "lng", "desc", "title", "timeStamp", "twp", "addr")


def read(file: Path) -> CallLog:
    """Return the log's calls in the order in which they came in; every row is one of them or is refused."""
    taken, refused = take_rows(file, COLUMNS, _call)
    rows = len(taken) + len(refused)
    calls: dict[str, LoggedCall] = {}
    for line, call in taken:
        if call.key in calls:
            refused.append(refusal(line, BadRow("row_twice", "desc", call.text)))
        calls.setdefault(call.key, call)
    in_file = list(calls.values())
    return CallLog(
        name=NAME,
        rows=rows,
        calls=tuple(sorted(in_file, key=lambda call: (call.received_at, call.key))),
        refused=tuple(sorted(refused, key=lambda row: row.line)),
        remarks=_remarks(in_file),
    )


def _remarks(in_file: list[LoggedCall]) -> Counter[str]:
    remarks: Counter[str] = Counter()
    for call in in_file:
        remarks["place_default"] += call.place == NOT_LOCATED
        remarks["time_ambiguous"] += happened_twice(call.received_at, ZONE)
    remarks["out_of_file_order"] = sum(
        later.received_at < earlier.received_at for earlier, later in pairwise(in_file)
    )
    return +remarks


def _call(row: Row) -> LoggedCall:
    text = required(row, "desc")
    if not row["twp"].strip():
        raise BadRow("town_missing", "twp", "")
    received = need_local(row, "timeStamp", FORM, ZONE)
    title = required(row, "title")
    return LoggedCall(
        log=NAME,
        key=_key(title, row["timeStamp"], text),
        text=f"{title.rstrip(' -')}. {text}",
        address=row["addr"].strip(),
        category=_category(title),
        place=EXTENT.place(row["lng"], row["lat"], "lat,lng"),
        received_at=received,
        chain=(Step(moment=Moment.RECEIVED, at=received),),
    )


def _key(*parts: str) -> str:
    # The log numbers nothing. Letters only, so that no digest is ever taken for a phone number and masked.
    digest = hashlib.sha256("|".join(parts).encode()).hexdigest()[:14]
    return digest.translate(_LETTERS)


def _category(title: str) -> str:
    service, _, wanted = title.rstrip(" -").partition(": ")
    if service not in SERVICES or wanted not in CATEGORIES:
        raise BadRow("category_unknown", "title", title)
    return CATEGORIES[wanted]
