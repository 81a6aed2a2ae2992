"""An oracle that shares no line with us: Prometheus' own rule tests say when an alert fires, where our words mean the same."""

import random
import shutil
import subprocess
from pathlib import Path

import orjson
import pytest

from sensors.alarm_rules import AlarmRule, NoData, Rate, Threshold
from sensors.machine import Phase
from tests.sensors.builders import a_registry, readings
from tests.sensors.runs import Run, a_rule

PROMTOOL = shutil.which("promtool")
MINUTES = 24
pytestmark = pytest.mark.skipif(
    PROMTOOL is None, reason="promtool (Debian package prometheus) is not on the PATH"
)

# our rule, the same in PromQL, `for` and `keep_firing_for` in minutes
CASES: tuple[tuple[str, AlarmRule, str, int, int], ...] = (
    ("plain", a_rule(Threshold(raise_at=15.0), flaps=99), "depth > 15", 0, 0),
    ("held", a_rule(Threshold(raise_at=15.0), on_delay_s=120, flaps=99), "depth > 15", 2, 0),
    ("kept", a_rule(Threshold(raise_at=15.0), off_delay_s=180, flaps=99), "depth > 15", 0, 3),
    (
        "both",
        a_rule(Threshold(raise_at=15.0), on_delay_s=60, off_delay_s=120, flaps=99),
        "depth > 15",
        1,
        2,
    ),
    (
        "below",
        a_rule(Threshold(side="below", raise_at=12.0), on_delay_s=60, flaps=99),
        "depth < 12",
        1,
        0,
    ),
    (
        "rate",
        a_rule(Rate(per_min=1.5, over_s=300, clear_per_min=1.5), flaps=99),
        "(depth - depth offset 5m) / 5 > 1.5",
        0,
        0,
    ),
)


SILENT = a_rule(NoData(after_s=180), flaps=99)


def firing(rule: AlarmRule, values: list[float | None], after_s: float = 0.001) -> list[bool]:
    """Return whether ours stands at each minute; `after_s`: what is due at the minute waits for what is said at it."""
    run = Run(a_registry(), [rule])
    found = []
    for minute, value in enumerate(values):
        if value is not None:
            run.hear(readings((60.0 * minute, value)))
        run.tick(60.0 * minute + after_s)
        life = run.engine.lives().get((rule.id, 1))
        found.append(life is not None and life.phase in {Phase.ACTIVE, Phase.CLEARING})
    return found


def as_test(name: str, values: list[float | None], expected: list[bool]) -> dict[str, object]:
    told: list[dict[str, object]] = [{"exp_labels": {}}]
    return {
        "interval": "1m",
        "input_series": [
            {"series": "depth", "values": " ".join("_" if v is None else str(v) for v in values)}
        ],
        "alert_rule_test": [
            {"eval_time": f"{minute}m", "alertname": name, "exp_alerts": told if fires else []}
            for minute, fires in enumerate(expected)
        ],
    }


def verdict(folder: Path, rules: list[dict[str, object]], tests: list[dict[str, object]]) -> str:
    """Return what promtool says; JSON is YAML."""
    (folder / "rules.yml").write_bytes(
        orjson.dumps({"groups": [{"name": "g", "interval": "1m", "rules": rules}]})
    )
    file = folder / "tests.yml"
    file.write_bytes(
        orjson.dumps({"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": tests})
    )
    done = subprocess.run(
        [str(PROMTOOL), "test", "rules", str(file)], capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def rule_of(name: str, expression: str, for_min: int, keep_min: int) -> dict[str, object]:
    rule: dict[str, object] = {"alert": name, "expr": expression, "for": f"{for_min}m"}
    return rule | ({"keep_firing_for": f"{keep_min}m"} if keep_min else {})


def test_alarms_stand_when_prometheus_says_they_fire(tmp_path: Path) -> None:
    drawn = random.Random(6)  # noqa: S311 - drawn again the same each time
    rules, tests = [], []
    for name, ours, expression, for_min, keep_min in CASES:
        rules.append(rule_of(name, expression, for_min, keep_min))
        for _ in range(6):
            values: list[float | None] = [14.0] * 6
            values += [drawn.choice([5.0, 14.0, 16.0, 16.0, 31.0]) for _ in range(MINUTES)]
            tests.append(as_test(name, values, firing(ours, values)))
    assert verdict(tmp_path, rules, tests) == ""


def test_silence_is_what_prometheus_calls_absent(tmp_path: Path) -> None:
    drawn = random.Random(7)  # noqa: S311 - drawn again the same each time
    tests = []
    for _ in range(6):
        values: list[float | None] = [14.0]
        values += [drawn.choice([None, None, None, 14.0]) for _ in range(MINUTES)]
        tests.append(as_test("absent", values, firing(SILENT, values, after_s=0)))
    rules = [rule_of("absent", "absent_over_time(depth[3m])", 0, 0)]
    assert verdict(tmp_path, rules, tests) == ""


def test_the_oracle_can_say_no(tmp_path: Path) -> None:
    values: list[float | None] = [14.0, 16.0, 16.0, 14.0]
    wrong = [not fires for fires in firing(CASES[0][1], values)]
    told = verdict(
        tmp_path, [rule_of("plain", "depth > 15", 0, 0)], [as_test("plain", values, wrong)]
    )
    assert "FAILED" in told
