"""A summary as a brief: the values of its paper, its charts as SVG, and its workbook."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from indicators.charts import bars, spark
from indicators.said import NOTHING, change_text, percent, value_text
from views.words import Words

Json = dict[str, Any]
GROUPS: Final = ("closure", "emergency", "sensing", "coverage", "hotline", "platform")
BY_TOWN: Final = ("G01", "G12", "G13", "G14", "C05")
BY_DEPARTMENT: Final = ("G22", "G11", "G12", "G13", "G14")
FORMATS: Final = {"share": "0.0%", "duration": '0.000" s"', "count": "#,##0", "ratio": "0.0"}
RANKS: Final = ("p50", "p90", "p95", "p99")
VALUE_COLUMN: Final = 3
FEW: Final = "* "  # before a value, so that numbers stand under one another
HEAD: Final = PatternFill("solid", fgColor="F1F4F6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a brief is made of: a summary, and how things are called in its language."""

    told: Json
    say: Words
    language: str
    town_names: Mapping[str, str]
    department_names: Mapping[str, str]
    mapped: str = "G13"

    @property
    def rows(self) -> dict[str, Json]:
        """Return the figures by indicator."""
        return {row["id"]: row for row in self.told["figures"]}

    def name(self, row: Json) -> str:
        """Return what an indicator is called."""
        return str(row[f"name_{self.language}"])

    def value(self, row: Json, value: float | None) -> str:
        """Return a value in words."""
        return value_text(row, value, self.language)

    def counted(self, figure: Json) -> str:
        """Return on how much a figure rests."""
        hits = figure["hits"]
        return f"n={figure['n']:,}" if hits is None else f"{hits:,} / {figure['n']:,}"

    def left_out(self, figure: Json) -> str:
        """Return what was left out, in words."""
        out = figure["left_out"].items()
        return " · ".join(self.say(f"summary.out.{name}", n=f"{n:,}") for name, n in out if n)


def paper_data(paper: Paper) -> tuple[Json, dict[str, bytes]]:
    """Return what the template reads, and its charts; the map comes beside."""
    files: dict[str, bytes] = {}
    data = {
        "language": paper.language,
        "words": {name: paper.say(f"brief.{name}") for name in _WORDS},
        "cards": [_card(paper, paper.rows[id], files) for id in paper.told["cards"]],
        "warnings": _warnings(paper),
        "response": _response(paper),
        "towns": _groups(paper, "towns", "town", BY_TOWN, paper.town_names),
        "departments": _groups(
            paper, "departments", "department", BY_DEPARTMENT, paper.department_names
        ),
        "all_head": [
            paper.say(f"brief.{name}") if name != "n" else "n"
            for name in ("figure", "value", "n", "change", "interval", "left_out")
        ],
        "groups": [_group(paper, group) for group in GROUPS],
    }
    files["map/bars.svg"] = _bars(paper).encode()
    return data, files


_WORDS: Final = (
    *("trend_note", "where", "towns", "response", "departments", "all", "nothing"),
    *("percentile_note", "few_note", "score_note", "counting_note"),
)


def _warnings(paper: Paper) -> str:
    """Return one line: how many warnings were issued, by colour, and how many are in force."""
    told, say = paper.told["warnings"], paper.say
    colours = [
        say("brief.warning_colour", colour=say(f"warning_colour.{colour}"), n=n)
        for colour, n in told["by_colour"].items()
        if n
    ]
    issued = say("brief.warnings", n=told["issued"], force=len(told["in_force"]))
    return f"{issued} {' · '.join(colours)}".strip()


def _card(paper: Paper, row: Json, files: dict[str, bytes]) -> Json:
    file = f"charts/{row['id']}.svg"
    files[file] = spark([one["value"] for one in row["trend"]]).encode()
    return {
        "name": paper.name(row),
        "value": paper.value(row, row["value"]),
        "few": row["few"],
        "n": paper.counted(row),
        "change": change_text(row, paper.language),
        "spark": file,
    }


def _response(paper: Paper) -> Json:
    rows = [
        row
        for row in paper.told["figures"]
        if row["measure"] == "duration" and row["group"] == "emergency"
    ]
    lines = []
    for row in rows:
        ranks = [paper.value(row, row["percentiles"].get(rank)) for rank in ("p50", "p90", "p95")]
        within = NOTHING if row["within"] is None else percent(row["within"])
        n = f"{_few(row)}{row['n']:,}"
        lines.append([f"{row['id']} {paper.name(row)}", *ranks, within, n])
    head = [paper.say("brief.figure"), "P50", "P90", "P95", paper.say("brief.within"), "n"]
    return {"head": head, "rows": lines}


def _groups(
    paper: Paper, key: str, kind: str, wanted: tuple[str, ...], names: Mapping[str, str]
) -> Json:
    scores = {one["name"]: one for one in paper.told["scores"].get(kind, [])}
    lines = []
    for group in paper.told[key]:
        if not group["name"]:
            continue
        figures = [group["figures"].get(id) for id in wanted]
        shown = [
            NOTHING if one is None else FEW * one["few"] + paper.value(paper.rows[id], one["value"])
            for id, one in zip(wanted, figures, strict=True)
        ]
        lines.append(
            [names.get(group["name"], group["name"]), *_score(scores.get(group["name"])), *shown]
        )
    head = [
        paper.say(f"brief.{kind}"),
        paper.say("brief.score"),
        *(paper.name(paper.rows[id]) for id in wanted),
    ]
    return {"head": head, "rows": lines}


def _score(score: Json | None) -> list[str]:
    if score is None or score["score"] is None:
        return [NOTHING]
    return [f"{score['score']:.1f} {score['grade']}"]


def _group(paper: Paper, group: str) -> Json:
    rows = [row for row in paper.told["figures"] if row["group"] == group]
    return {
        "name": paper.say(f"summary.group.{group}"),
        "rows": [_line(paper, row) for row in rows],
    }


def _line(paper: Paper, row: Json) -> list[str]:
    name = f"{row['id']} {paper.name(row)}"
    if row["no_source"]:
        return [name, NOTHING, "", "", "", row[f"missing_{paper.language}"]]
    interval = NOTHING if row["low"] is None else f"{percent(row['low'])}–{percent(row['high'])}"
    return [
        name,
        paper.value(row, row["value"]),
        _few(row) + paper.counted(row),
        change_text(row, paper.language),
        interval,
        paper.left_out(row),
    ]


def _few(row: Json) -> str:
    """Return the mark of what rests on few, before the number, so that numbers stand under one another."""
    return "n<30  " if row["few"] else ""


def _bars(paper: Paper) -> str:
    row = paper.rows[paper.mapped]
    found = [
        (
            paper.town_names.get(one["name"], one["name"]),
            one["figures"].get(paper.mapped, {}).get("value"),
        )
        for one in paper.told["towns"]
        if one["name"]
    ]
    found.sort(key=lambda one: -1.0 if one[1] is None else one[1], reverse=True)
    return bars([(name, value, paper.value(row, value)) for name, value in found])


def workbook(paper: Paper, title: str) -> bytes:
    """Return the brief as Excel: figures as numbers, so that they can be reckoned with, and how they are counted."""
    book = Workbook()
    say = paper.say
    head = [*("figure", "value", "n", "change", "interval", "left_out", "formula", "source")]
    titles = [say(f"brief.{name}") if name != "n" else "n" for name in head]
    names = ["ID", *titles, *(rank.upper() for rank in RANKS)]
    lines = [_sheet_row(paper, row) for row in paper.told["figures"]]
    _sheet(book, say("brief.sheet_figures"), names, lines)
    _format(book.worksheets[-1], paper.told["figures"])
    for key, kind, wanted, called in (
        ("towns", "town", BY_TOWN, paper.town_names),
        ("departments", "department", BY_DEPARTMENT, paper.department_names),
    ):
        table = [
            [called.get(group["name"], group["name"]), *_numbers(group, wanted)]
            for group in paper.told[key]
            if group["name"]
        ]
        columns = [text for id in wanted for text in (paper.name(paper.rows[id]), "n")]
        _sheet(book, say(f"brief.sheet_{key}"), [say(f"brief.{kind}"), *columns], table)
    trend = [
        [row["id"], paper.name(row), *(one["value"] for one in row["trend"])]
        for row in paper.told["figures"]
    ]
    ends = [edge[:10] for edge in paper.told["edges"][1:]]
    _sheet(book, say("brief.sheet_trend"), ["ID", say("brief.figure"), *ends], trend)
    about = [[title], [say("brief.counted", at=paper.told["at"])]]
    about += [[_warnings(paper)]]
    about += [[say(f"brief.{name}")] for name in ("counting_note", "percentile_note", "score_note")]
    _sheet(book, say("brief.sheet_about"), [title], about[1:])
    book.remove(book.worksheets[0])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _numbers(group: Json, wanted: tuple[str, ...]) -> list[Any]:
    found: list[Any] = []
    for id in wanted:
        figure = group["figures"].get(id)
        found += [None, None] if figure is None else [figure["value"], figure["n"]]
    return found


def _sheet_row(paper: Paper, row: Json) -> list[Any]:
    interval = "" if row["low"] is None else f"{percent(row['low'])}–{percent(row['high'])}"
    value = row["value"] if row["value"] is not None else NOTHING
    if row["no_source"]:
        value = row[f"missing_{paper.language}"]
    ranks = [row["percentiles"].get(rank) for rank in RANKS]
    return [row["id"], paper.name(row), value, row["n"], change_text(row, paper.language), interval,
            paper.left_out(row), row[f"formula_{paper.language}"], row["source"], *ranks]  # fmt: skip


def _format(sheet: Any, rows: list[Json]) -> None:
    """Let values be seen in their unit and stay numbers: a share in per cent, a duration in seconds."""
    ranks = [cell.column for cell in sheet[1] if str(cell.value).startswith("P")]
    for line, row in enumerate(rows, 2):
        for column in (VALUE_COLUMN, *ranks):
            sheet.cell(line, column).number_format = FORMATS[row["measure"]]


def _sheet(book: Any, name: str, head: list[str], rows: list[list[Any]]) -> None:
    sheet = book.create_sheet(name)
    sheet.append([_safe(name) for name in head])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), HEAD
    for row in rows:
        sheet.append([_safe(value) for value in row])
    for column, title in enumerate(head, 1):
        longest = max(
            [len(str(title)), *(len(str(row[column - 1])) for row in rows if len(row) >= column)]
        )
        sheet.column_dimensions[get_column_letter(column)].width = min(60, 4 + longest * 1.3)
    sheet.freeze_panes = "B2"


def _safe(value: Any) -> Any:
    # A name that begins like a formula is text: a spreadsheet must not reckon with what people wrote.
    return (
        f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" and len(value) > 1 else value
    )
