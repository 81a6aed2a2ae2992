"""The models say what their standards' tables, an independent implementation and another recommendation say."""

import math
import re
from typing import Any

import numpy as np
import pytest
from tr3gpp import tr38901

from layers.coverage import pathloss
from layers.coverage.pathloss import Link
from vocabulary.errors import Refused

# Received powers at 0 dBm, 5 GHz, mobile 1.5 m, from the test suite of ns-3 (nsnam/ns-3-dev-git, src/propagation/test/
# three-gpp-propagation-loss-model-test-suite.cc); numbers only.
NS3 = {
    "rma_los": (35.0, {10: -77.3784, 100: -87.2965, 1000: -108.5577, 10000: -140.3896}),
    "rma_nlos": (35.0, {10: -77.3784, 100: -95.7718, 1000: -133.5223, 5000: -160.5169}),
    "uma_los": (25.0, {10: -72.9380, 100: -86.2362, 1000: -109.7252, 5000: -137.6794}),
    "uma_nlos": (25.0, {10: -82.5131, 100: -106.1356, 1000: -144.7641, 5000: -172.0753}),
}


@pytest.mark.parametrize("model", NS3)
def test_38901_agrees_with_the_vectors_of_ns3(model: str) -> None:
    height_m, told = NS3[model]
    along = np.array(list(told), dtype=float)
    loss = getattr(pathloss, model)(along, Link(height_m, 5000.0))
    assert loss == pytest.approx([-value for value in told.values()], abs=1e-4)


def spoken(formula: str) -> str:
    """Return the right side of a formula of the standard, written in LaTeX, as arithmetic."""
    text = formula.replace("\\log_{10}", "log10").replace("\\pi", "pi").replace("\\max", "max")
    text = text.replace("\\min", "min").replace("^2", "**2").replace("^{1.72}", "**1.72")
    text = re.sub(r"_\{?(3D|2D|BS|UT|BP|c)\}?", r"_\1", text.replace("d'_{BP}", "d_BP"))
    text = re.sub(r"(?<![a-z0-9_])(\d+(?:\.\d+)?)\s*(?=[a-zA-Z(])", r"\1*", text)
    text = re.sub(r"\)(?=[a-zA-Z(])", ")*", text)
    text = re.sub(r"\bpi (?=[a-z])", "pi*", text)
    return re.sub(r"(d_3D) (f_c)", r"\1*\2", text.replace(" h_", "*h_") if "11.75 h" in text else text)  # fmt: skip


def valued(formula: str, name: str, where: dict[str, Any]) -> float:
    part = next(one for one in formula.split(";") if one.replace("\\quad", "").strip().startswith(name))  # fmt: skip
    names = {"log10": math.log10, "pi": math.pi, "max": max, "min": min, **where}
    return float(eval(spoken(part.split("=", 1)[1]), {"__builtins__": {}}, names))  # noqa: S307


@pytest.mark.parametrize("along_m", [60.0, 800.0, 4500.0])
def test_38901_agrees_with_the_formulas_of_the_standards_own_table(along_m: float) -> None:
    table, link = tr38901.section("7.4"), Link(30.0, 2600.0)
    slant = float(link.slant_m(np.array([along_m]))[0])
    where = {"d_3D": slant, "f_c": 2.6, "h_BS": 30.0, "h_UT": 1.5, "h": 5.0, "W": 20.0}
    nlos = table.pathloss(scenario="UMa", condition="NLOS").formula
    assert valued(nlos, "PL'", where) == pytest.approx(
        float(pathloss.uma_nlos(np.array([along_m]), link)[0])
    )
    near = table.pathloss(scenario="UMa", condition="LOS").formula
    where["d_BP"] = 4 * 29.0 * 0.5 * 2.6e9 / 3e8
    name = "PL_1" if along_m <= where["d_BP"] else "PL_2"
    assert valued(near, name, where) == pytest.approx(
        float(pathloss.uma_los(np.array([along_m]), link)[0])
    )
    near = table.pathloss(scenario="RMa", condition="LOS").formula
    break_m = 2 * math.pi * 30.0 * 1.5 * 2.6e9 / 3e8
    assert valued(near, "PL_1", where | {"d_3D": min(slant, math.hypot(break_m, 28.5))}) + (
        40 * math.log10(max(slant / math.hypot(break_m, 28.5), 1.0))
    ) == pytest.approx(float(pathloss.rma_los(np.array([along_m]), link)[0]))


def test_rural_losses_rise_steadily_over_the_break_point() -> None:
    along = np.arange(50.0, 10_000.0, 10.0)
    for model in (pathloss.rma_los, pathloss.rma_nlos, pathloss.uma_los, pathloss.uma_nlos):
        steps = np.diff(model(along, Link(30.0, 763.0)))
        assert (steps > 0).all()
        assert steps.max() < 2.5  # 10 m at 50 m


def test_sight_is_certain_at_the_mast_and_unlikely_far_off() -> None:
    for sight in (pathloss.rma_sight, pathloss.uma_sight):
        values = sight(np.array([5.0, 100.0, 1000.0, 5000.0]))
        assert values[0] == 1.0
        assert (np.diff(values) < 0).all()
    assert pathloss.uma_sight(np.array([100.0]))[0] == pytest.approx(
        0.18 + math.exp(-100 / 63) * 0.82
    )


def test_hata_agrees_with_itu_r_p_1546_which_was_made_from_it() -> None:
    # P.1546-6 annex 5 section 8: E = 69.82 - 6.16 log f + 13.82 log h1 + a(h2) - (44.9 - 6.55 log h1) log d (1 kW ERP).
    link, along = Link(50.0, 900.0), np.array([1000.0, 5000.0, 20_000.0])
    f, h = math.log10(900), math.log10(50)
    gain = (1.1 * f - 0.7) * 1.5 - (1.56 * f - 0.8)
    field = 69.82 - 6.16 * f + 13.82 * h + gain - (44.9 - 6.55 * h) * np.log10(along / 1000)
    assert pathloss.hata(along, link) == pytest.approx(139.3 - field + 20 * f, abs=0.1)


def test_hata_and_cost_231_meet_at_1500_mhz_and_refuse_what_they_were_not_made_for() -> None:
    along, link = np.array([2000.0]), Link(40.0, 1500.0)
    assert pathloss.cost231(along, link) == pytest.approx(pathloss.hata(along, link), abs=1.5)
    assert pathloss.hata(along, link, "open") < pathloss.hata(along, link, "suburban")
    for model, wrong in (
        (pathloss.hata, Link(40.0, 2600.0)), (pathloss.cost231, Link(40.0, 3500.0)), (pathloss.hata, Link(20.0, 900.0)),
    ):  # fmt: skip
        with pytest.raises(Refused, match="is needed"):
            model(along, wrong)
    with pytest.raises(Refused, match="500 to 30000 MHz"):
        pathloss.check("rma", "nlos", Link(35.0, 450.0))


def test_distances_beyond_a_model_are_flagged() -> None:
    along = np.array([5.0, 4999.0, 5001.0])
    assert pathloss.beyond("rma", "nlos", along).tolist() == [True, False, True]
    assert pathloss.beyond("rma", "los", along).tolist() == [True, False, False]
