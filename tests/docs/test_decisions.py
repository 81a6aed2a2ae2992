"""Decisions are written down in one form, and every library has its reason."""

import re
from pathlib import Path

import pytest

from tests.architecture.licences import NAME

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_its_options_and_what_would_change_our_mind(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(rf"# {path.name[:4]} \S", text), "the title begins with the number"
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    wanted = ["Context", "Options", "Decision", "What would change our mind"]
    assert [heading for heading in headings if heading in wanted] == wanted
    assert re.search(r"^(- )?Status", text, flags=re.MULTILINE)
    assert re.search(r"20\d\d-\d\d-\d\d", text)


def test_no_two_decisions_share_a_number() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_library_has_its_reason(file: str) -> None:
    reasons = (ROOT / "docs" / "decisions" / "0007-libraries.md").read_text("utf-8").lower()
    lines = (ROOT / file).read_text("utf-8").splitlines()
    names = [
        match.group(1).lower()
        for line in lines
        if not line.startswith(("#", "-")) and (match := NAME.match(line))
    ]
    assert len(names) > 10
    assert [
        name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", reasons)
    ] == []
