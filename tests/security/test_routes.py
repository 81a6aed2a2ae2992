"""The table of routes: what it says is what the gate does, and what it cannot mean it refuses to hold."""

import pytest

from security.routes import BODY_LIMIT, SIGNED_IN, RouteTable, Rule, rule, rules_of
from tests.security.house import RULES

TABLE = RouteTable(
    [
        rule("GET", "/cases", "case.read"),
        rule("POST", "/cases", "report.create"),
        rule("GET", "/cases/{id}", "case.read"),
        rule("GET", "/cases/export", "events.read"),
        rule("GET", "/assets/{file:path}", None, cacheable=True),
        rule("POST", "/cases/{id}/commands", SIGNED_IN, body_limit=10),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "/cases", "case.read"),
        ("HEAD", "/cases", "case.read"),
        ("POST", "/cases", "report.create"),
        ("GET", "/cases/01K", "case.read"),
        ("GET", "/cases/export", "events.read"),
        ("GET", "/assets/a/b.css", None),
        ("POST", "/cases/01K/commands", SIGNED_IN),
    ],
)
def test_a_path_finds_its_rule(method: str, path: str, permission: str | None) -> None:
    found = TABLE.find(method, path).rule
    assert found is not None
    assert found.permission == permission


@pytest.mark.parametrize(
    "path",
    [
        *("/", "", "/cases/", "/Cases", "/cases/a/b", "/cases//commands", "/assets/", "/assets"),
        *("/assets/../cases", "/assets/./x", "/assets/..", "/assets//x", "/assets/a\\b"),
        *("/cases/a\n", "/assets/\x00", "/xcases", "/casesx", "//cases"),
    ],
)
def test_what_is_written_oddly_or_nowhere_finds_none(path: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        assert TABLE.find(method, path).rule is None


def test_another_method_finds_which_would_do() -> None:
    found = TABLE.find("DELETE", "/cases")
    assert found.rule is None
    assert found.allowed == {"GET", "HEAD", "POST"}


def test_a_permission_that_does_not_exist_stops_the_start() -> None:
    with pytest.raises(ValueError, match=r"there is no permission 'case\.raed'"):
        RouteTable([rule("GET", "/x", "case.raed")])


def test_two_rules_for_one_method_stop_the_start() -> None:
    with pytest.raises(ValueError, match="two rules for one method"):
        RouteTable([rule("GET POST", "/x", None), rule("GET", "/x", "case.read")])


def test_another_rooms_rows_become_rules() -> None:
    class Foreign:
        methods = frozenset({"GET"})
        pattern = "/x"
        permission = "case.read"

    assert rules_of([Foreign(), RULES[0]]) == [
        Rule(frozenset({"GET"}), "/x", "case.read", BODY_LIMIT),
        RULES[0],
    ]
