"""Every visible string stands in the catalogue, in both languages."""

import ast
import re
import string
from pathlib import Path

import pytest

from county.closures import Cause
from dispatch import messages as dispatch_messages
from dispatch.assignment import AssignmentState
from dispatch.assignment_rules import Step
from dispatch.model import UnitStatus
from incidents import messages
from incidents.model import ENDED, ApprovalKind, Lane, Level, LimitKind, Priority, Stage, State
from incidents.warnings.model import Colour, Status
from incidents.warnings.model import State as WarningState
from security.policy import ROLES
from tests.architecture.code_rules import strings
from views.case import commands
from views.words import LANGUAGES, catalogue, spoken, words
from vocabulary.errors import codes, sentence
from vocabulary.message import Event

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "assets").glob("*.mjs"))
VIEWS = sorted((ROOT / "views").glob("*.py"))
CHINESE = re.compile(r"[\u3400-\u9fff\uff01-\uff5e]")
KEY = re.compile(r"""\bt\(\s*"([^"]+)"|\bt\([^()]*?\?\s*"([^"]+)"\s*:\s*"([^"]+)\"""")
PREFIX = re.compile(r"""\bcoded\(\s*"([^"]+)"|\bt\(\s*`([^`$]+)\.\$\{""")
SENTENCE_KEY = re.compile(r"""say\("([^"]+)"\)""")
SHOWN = re.compile(r"""\b(?:text|title|placeholder|"aria-label"):\s*"([^"]*[A-Za-z]{2}[^"]*)\"""")
STEPS = (ROOT / "assets" / "case_steps.mjs").read_text("utf-8")
SHOWN_DATA = STEPS.partition("const SHOWN = [")[2].partition("];")[0]
# Sections whose keys a module puts together: what may follow the dot.
FAMILIES = {
    "unit": ("free", "busy", "away", "stale"),
    "phase": ("waiting", "going", "checking"),
    "standing": ("live", "connecting", "stale", "bus_up", "bus_down"),
    "queue.column": ("priority", "left", "category", "place", "state"),
    "cause": tuple(cause.value for cause in Cause),
    "reach.why": ("no_position", "no_road", "closed", "cut_off"),
    "weekday": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "wall.scene": ("overview", "incidents"),
    "wall": ("open", "today", "late", "emergency", "ack_in_time", "ack_p50", "ack_p90"),
    "approval": tuple(kind.value for kind in ApprovalKind),
    "limit_kind": tuple(kind.value for kind in LimitKind),
    "assignment": tuple(state.value for state in AssignmentState),
    "unit_step": tuple(step.value for step in Step),
    "part": ("offered", "accepted", "on_scene", "done", "returned", "released"),
    "voice": ("done", "here", "ahead"),
    "brief": ("daily", "weekly", "span", "pdf", "xlsx"),
    "evidence": ("unit", "sensor", "report", "person"),
    "warning_colour": tuple(colour.value for colour in Colour),
    "warning_letter": tuple(colour.value for colour in Colour),
    "warning_status": tuple(status.value for status in Status),
    "warning_phase": tuple(state.value for state in WarningState),
    "warning_field": (
        "hazard",
        "colour",
        "hours",
        "status",
        "headline",
        "description",
        "instruction",
    ),
    "datum": tuple(re.findall(r'"(\w+)"', SHOWN_DATA)),
    "unit_status": tuple(status.value for status in UnitStatus),
    "step": tuple(state.value for state in State if state not in ENDED or state is State.CLOSED),
}
FROM_TABLES = {"source", "reason", "disposition", "hazard"}


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|(?m:^\s*//.*$)|\s// .*", "", text, flags=re.DOTALL)


def fields_of(template: str) -> set[str]:
    # `{n:case|cases}` chooses a word and tells nothing: Chinese has no need of it.
    parts = string.Formatter().parse(template)
    return {name for _, name, spec, _ in parts if name and "|" not in (spec or "")}


def prefixes(text: str) -> set[str]:
    return {one or two for one, two in PREFIX.findall(without_comments(text))}


def test_both_languages_have_the_same_keys_and_name_the_same_values() -> None:
    zh, en = (catalogue(language) for language in LANGUAGES)
    assert sorted(zh) == sorted(en)
    assert {key for key in zh if fields_of(zh[key]) != fields_of(en[key])} == set()
    assert [key for key in zh if not zh[key].strip() or not en[key].strip()] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_key_a_module_names_has_words(path: Path) -> None:
    text = without_comments(path.read_text("utf-8"))
    named = {key for found in KEY.findall(text) for key in found if key}
    assert named - set(catalogue("zh")) == set()
    sections = {key.rpartition(".")[0] for key in catalogue("zh")} | {
        key.partition(".")[0] for key in catalogue("zh")
    }
    assert prefixes(text) - sections - FROM_TABLES == set()


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.name)
def test_every_key_a_view_names_has_words(path: Path) -> None:
    named = set(SENTENCE_KEY.findall(path.read_text("utf-8")))
    assert named - set(catalogue("zh")) == set()


@pytest.mark.parametrize("path", [*MODULES, *VIEWS], ids=lambda path: path.name)
def test_no_visible_string_stands_outside_the_catalogue(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        found = [words for _, words in strings(ast.parse(text)) if CHINESE.search(words)]
    else:
        bare = without_comments(text)
        found = [line for line in bare.splitlines() if CHINESE.search(line)] + SHOWN.findall(bare)
    assert found == []


def event_kinds() -> set[str]:
    kinds = set()
    for event in [*vars(messages).values(), *vars(dispatch_messages).values()]:
        if isinstance(event, type) and issubclass(event, Event) and event is not Event:
            kinds.add(re.sub(r"\.v\d+$", "", str(event.__dataclass_fields__["kind"].default)))
    return kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_coded_value_has_words(language: str) -> None:
    entries = catalogue(language)
    wanted = {f"event.{kind}" for kind in event_kinds()}
    for prefix, values in (("state", State), ("lane", Lane), ("level", Level), ("stage", Stage)):
        wanted |= {f"{prefix}.{value.value}" for value in values}
    wanted |= {f"priority.{value.value}" for value in Priority} | {f"role.{role}" for role in ROLES}
    wanted |= {
        f"argument.{name}" for row in commands(language).values() for name in row["arguments"]
    }
    wanted |= {f"{prefix}.{key}" for prefix, keys in FAMILIES.items() for key in keys}
    assert len(event_kinds()) > 20
    assert wanted - set(entries) == set()


def test_a_chinese_sentence_has_chinese_punctuation() -> None:
    said = [*catalogue("zh").values(), *(sentence(code, "zh") for code in codes())]
    literal = re.compile(r"“[^”]*”|[a-z]+://\S+|\{host\}:\{port\}")  # what is typed as it stands
    half = re.compile(r"[\u4e00-\u9fff）)}][:,;?!](?=[{\u4e00-\u9fff])|[:,;?!][\u4e00-\u9fff]")
    found = [text for text in said if CHINESE.search(text) and half.search(literal.sub("", text))]
    assert found == []


def test_what_we_do_not_speak_is_said_in_chinese() -> None:
    assert [spoken(asked) for asked in ("en", "zh", "fr", None)] == ["en", "zh", "zh", "zh"]
    assert words("zh")("signin.error.locked", minutes=5).count("5") == 1


def test_english_says_one_case_and_two_cases() -> None:
    say = words("en")
    assert say("summary.cases_n", n=1) == "1 case"
    assert say("summary.cases_n", n="1,200") == "1,200 cases"
    assert [
        key for key, text in catalogue("en").items() if re.search(r"\}[^{}]*\w\(s\)", text)
    ] == []


def test_verification_is_before_filing_and_check_is_after_handling() -> None:
    zh = catalogue("zh")
    assert (zh["stage.verify"], zh["stage.check"]) == ("核实", "核查")
    assert (zh["state.VERIFYING"], zh["state.CHECKING"]) == ("核实中", "核查中")
