"""Every house rule is shown a bad sample and a good one: a rule that cannot fail is no rule."""

import ast
import subprocess
import sys
import textwrap
from pathlib import Path, PurePosixPath

import pytest

from tests.architecture import code_rules, leaks, licences, told
from tests.architecture.tree import ROOT
from vocabulary.errors import Sentence


def code(text: str) -> ast.Module:
    """Return the tree of a dedented sample."""
    return ast.parse(textwrap.dedent(text))


CATALOGUE = {
    "unit.busy": Sentence(zh="{unit} 正忙。", en="{unit} is busy."),
    "unit.gone": Sentence(zh="不在。", en="Gone."),
}


def test_a_long_file_and_a_long_function_are_told() -> None:
    source = "def long():\n" + "    pass\n" * 41
    assert list(code_rules.too_long(source, ast.parse(source))) == [
        "1: long has 42 lines, 40 are allowed"
    ]
    assert len(list(code_rules.too_long("\n" * 301, ast.parse("")))) == 1


def test_a_function_is_not_blamed_for_those_inside_it() -> None:
    inner = "".join(f"    def part_{n}():\n" + "        pass\n" * 30 for n in range(3))
    assert list(code_rules.too_long("", ast.parse(f"def register():\n{inner}"))) == []


@pytest.mark.parametrize(
    "sample", ["from dash import dcc\ndcc.Interval(id='tick')", "from dash.dcc import Interval"]
)
def test_a_poller_is_told(sample: str) -> None:
    assert list(code_rules.pollers(ast.parse(sample)))


def test_only_a_callback_that_blocks_is_told() -> None:
    blocking = code("""
        @app.callback(Output("a", "b"), Input("c", "d"))
        def _refresh(value):
            return value
    """)
    waiting = code("""
        @app.callback(Output("a", "b"), Input("c", "d"))
        async def _refresh(value):
            return value
    """)
    assert list(code_rules.blocking_callbacks(blocking)) == ["3: callback _refresh is not async"]
    assert list(code_rules.blocking_callbacks(waiting)) == []


def test_a_drawer_is_told_by_its_name() -> None:
    for name in ("live/utils.py", "common/model.py", "assets/map_helpers.mjs", "bus/manager.py"):
        assert list(code_rules.drawers(PurePosixPath(name))), name
    assert list(code_rules.drawers(PurePosixPath("security/common_passwords.txt"))) == []


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "tile.openstreetmap.org"),
        ("@import url('//fonts.googleapis.com/css2')", "fonts.googleapis.com"),
        ("wss://push.somewhere.io/live", "push.somewhere.io"),
    ],
)
def test_a_host_of_the_outside_world_is_told(text: str, host: str) -> None:
    assert list(code_rules.outside_hosts(text)) == [host]


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:8050/desk",
        "http://127.0.0.1:8050",
        "http://www.w3.org/2000/svg",
        "https://console.county.example/live",
        "a // b",
    ],
)
def test_what_stays_inside_or_is_never_fetched_is_not_told(text: str) -> None:
    assert list(code_rules.outside_hosts(text)) == []


def test_an_address_in_a_docstring_is_a_reference_not_a_request() -> None:
    tree = code('''
        def read():
            """As https://docs.somewhere.io/spec says."""
            return "https://api.somewhere.io"
    ''')
    assert [text for _, text in code_rules.strings(tree)] == ["https://api.somewhere.io"]


def test_a_screen_is_a_view_with_a_layout() -> None:
    assert code_rules.has_layout(code("def layout(): ..."))
    assert not code_rules.has_layout(code("def words(): ..."))


def test_a_failure_without_a_sentence_or_without_its_values_is_told() -> None:
    tree = code("""
        raise Refused("unit.lost", unit=1)
        raise errors.Unavailable("unit.busy", who=2)
        raise Refused("unit.busy", **values)
        raise Refused("unit.gone")
    """)
    assert list(told.untold(tree, CATALOGUE)) == [
        "2: 'unit.lost' has no sentence in vocabulary/sentences/",
        "3: 'unit.busy' is not given ['unit']",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence(zh="{unit} 正忙。", en="{who} is busy."),
        Sentence(zh="", en="Gone."),
        Sentence(zh="Gone.", en="Gone."),
    ],
)
def test_a_one_sided_sentence_is_told(sentence: Sentence) -> None:
    assert list(told.one_sided({"unit.x": sentence}))
    assert list(told.one_sided(CATALOGUE)) == []


def test_a_value_told_in_the_sentence_s_own_language_is_one_value() -> None:
    assert (
        list(told.one_sided({"unit.x": Sentence(zh="状态 {state_zh}", en="State {state_en}")}))
        == []
    )


def test_an_idle_sentence_is_told() -> None:
    said = set(told.spoken(code("""raise Refused("unit.busy", unit=1)""")))
    assert told.idle(CATALOGUE, said) == ["unit.gone"]
    assert (
        told.idle(CATALOGUE, said | set(told.spoken(code("""sentence(f"unit.{what}", "zh")"""))))
        == []
    )


@pytest.mark.parametrize(
    "said",
    [
        "AGPL-3.0-only",
        "GPL-2.0-or-later",
        "License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
    ],
)
def test_the_gpl_is_refused(said: str) -> None:
    assert licences.refused(said)


@pytest.mark.parametrize(
    "said", ["MIT", "LGPL-3.0-only", "MPL-2.0 AND (Apache-2.0 OR MIT)", "GPL-2.0-only OR MIT", ""]
)
def test_what_leaves_us_free_is_not_refused(said: str) -> None:
    assert not licences.refused(said)


def test_a_requirement_without_an_exact_version_is_told() -> None:
    text = "# why\ndash[fastapi]==4.4.1\nredis>=8\nuvloop==0.23.0; sys_platform != 'win32'\nnumpy\n"
    assert licences.unpinned(text) == ["redis>=8", "numpy"]


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN EC " + "PRIVATE KEY-----",
        "key = 'AKIA" + "ABCDEFGHIJKLMNOP'",
        "postgresql://onenet:" + "hunter2@db.county.local/onenet",
        "open('/wo" + "rk/shared/data')",
        "cd /ro" + "ot/x",
        "pip install --index-url https://py" + "pi.org/simple",
    ],
)
def test_what_should_stay_at_home_is_told(text: str) -> None:
    assert list(leaks.leaks(text))


@pytest.mark.parametrize(
    "text",
    [
        "/workers/one",
        "GET /api/v1/root-causes",
        "postgresql://onenet:PASSWORD@db/onenet",
        "rediss://onenet:s3cr3t@redis.county.example:6380/0",
        "$home/rootless",
        "../work",
    ],
)
def test_ordinary_words_are_not_told(text: str) -> None:
    assert list(leaks.leaks(text)) == []


def test_a_file_that_does_not_read_is_told(tmp_path: Path) -> None:
    for name, body in {
        "a.toml": b"x = \n",
        "b.py": b"\xff\n",
        "c.md": b"no end",
        "d.yaml": b"a:\n\t- b\n",
    }.items():
        path = tmp_path / name
        path.write_bytes(body)
        assert list(leaks.unreadable(path)), name


STREET_OF_TWO = """
[importlinter]
root_packages =
  upper
  lower
[importlinter:contract:1]
name = street
type = layers
layers =
  upper
  lower
"""


def test_an_import_up_the_street_is_refused_by_the_linter(tmp_path: Path) -> None:
    for room in ("upper", "lower"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text("")
    (tmp_path / "lower" / "rules.py").write_text("import upper\n")
    (tmp_path / ".importlinter").write_text(STREET_OF_TWO)
    linted = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "."},
    )
    assert linted.returncode == 1, linted.stdout
    assert "lower is not allowed to import upper" in linted.stdout


def test_the_street_holds() -> None:
    linted = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout
