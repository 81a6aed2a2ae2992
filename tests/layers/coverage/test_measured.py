"""Drive tests and crowdsourced grids: what cannot be a measurement is refused alone and counted by reason."""

from pathlib import Path

import pytest

from layers.coverage.measured import REASONS, read
from vocabulary.errors import Refused

DRIVE = """lon,lat,RSRP,technology,arfcn,operator
117.80,29.60,-95.5,5G,504990,CMCC
117.80,29.60,-95.5,5G,504990,CMCC
117.81,29.60,-140,4G,3683,CMCC
117.81,29.60,0,4G,3683,CMCC
117.81,29.60,2147483647,4G,3683,CMCC
117.82,29.60,,4G,3683,CMCC
117.82,29.60,strong,4G,3683,CMCC
0,0,-80,4G,3683,CMCC
117.83,129.60,-80,4G,3683,CMCC
117.83,29.60,-80,6G,3683,CMCC
117.84,29.60,-101,4G,3683,CMCC
"""


def test_a_drive_test_is_taken_row_by_row() -> None:
    taken, report = read(DRIVE.splitlines())
    assert taken.rsrp_dbm.tolist() == [-95.5, -101.0]
    assert [taken.carriers[one] for one in taken.carrier] == [
        ("CMCC", "NR", "n41"),
        ("CMCC", "LTE", "B8"),
    ]
    assert report.refused == {
        "double": 1, "sentinel": 3, "missing": 1, "not_a_number": 1, "off_the_globe": 2, "technology": 1,
    }  # fmt: skip
    assert report.lines["sentinel"] == [4, 5, 6]
    assert report.rows == 11 == report.accepted + sum(report.refused.values())


def test_chinese_columns_and_an_operator_given_beside_the_file_are_understood() -> None:
    taken, _ = read(["经度,纬度,参考信号接收功率,制式", "117.8,29.6,-88,LTE"], operator="CTCC")
    assert taken.carriers == (("CTCC", "LTE", ""),)


def test_swapped_numbers_are_counted_as_swapped() -> None:
    _, report = read(["lon,lat,rsrp,technology", "29.6,117.8,-88,LTE"], operator="CTCC")
    assert report.refused == {"swapped": 1}


def test_a_file_without_the_columns_is_refused_and_says_which() -> None:
    with pytest.raises(Refused, match="rsrp_dbm"):
        read(["lon,lat,speed", "1,2,3"])


@pytest.mark.realdata
def test_the_measured_grids_of_three_networks_are_taken_without_their_outliers(
    real_data: Path,
) -> None:
    counted = {"A": (13_204, 0), "T": (16_671, 0), "V": (6_349, 417)}
    for file in sorted((real_data / "cells" / "mssn_5g").glob("*.csv")):
        with file.open(encoding="utf-8") as opened:
            taken, report = read(opened, operator=file.name[0])
        rows, millimetre = counted[file.name[0]]
        assert report.rows == rows == report.accepted + sum(report.refused.values())
        assert set(report.refused) <= set(REASONS)
        assert report.refused["missing"] > 0
        assert (
            report.refused.get("technology", 0) >= millimetre * 0.5
        )  # millimetre waves are not predicted
        assert report.refused["few_samples"] > 500
        assert taken.rsrp_dbm.min() > -139
        assert taken.rsrp_dbm.max() < -44
        assert {technology for _, technology, _ in taken.carriers} == {"LTE", "NR"}
