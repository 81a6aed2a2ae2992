"""The gazetteer: names are found as people type them, nothing typed breaks it, and of equals the nearest comes first."""

import random
import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from county.gazetteer.model import Floats, Found, Names
from county.gazetteer.search import Gazetteer
from county.importing.report import ImportReport
from county.locate import Locator
from county.model import County
from vocabulary.place import Place, distance_m

HERE = Place(120.5, 30.5)
PLACES = (
    ("人民路", "", "primary", "桥头镇"), ("人民南路", "", "secondary", "桥头镇"), ("中山路", "", "primary", "桥头镇"),
    ("正街", "", "residential", "桥头镇"), ("正街", "", "residential", "石门镇"), ("正街", "", "residential", "柳林镇"),
    ("县第一人民医院", "First People's Hospital", "hospital", "桥头镇"), ("桥头镇卫生院", "", "hospital", "桥头镇"),
    ("重庆火锅", "", "restaurant", "石门镇"), ("长安广场", "", "poi", "石门镇"), ("绿都花园", "", "poi", "柳林镇"),
    ("石门中学", "Shimen Middle School", "school", "石门镇"), ("Café Zürich", "", "poi", "柳林镇"),
    ("云江线", "", "trunk", "柳林镇"),
    ("环城东路", "East Ring Road", "primary", "桥头镇"), ("张家湾", "Zhangjiawan", "village", "柳林镇"),
    ("318国道", "", "trunk", ""),
)  # fmt: skip


def table(rows: tuple[tuple[str, str, str, str], ...] = PLACES) -> Names:
    names, english, kinds, towns = (list(column) for column in zip(*rows, strict=True))
    away: Floats = np.arange(len(rows), dtype=np.float64) * 0.01
    return Names(
        names=names, names_en=english, kinds=kinds, towns=towns, lons_deg=120.5 + away, lats_deg=30.5 - away,
        weights=np.full(len(rows), 0.5), aliases=((13, "G629"),),
    )  # fmt: skip


@pytest.fixture(scope="module")
def sample_gazetteer(sample: County) -> Gazetteer:
    return Gazetteer.of(sample)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(
        table(), towns_en={"桥头镇": "Qiaotou", "石门镇": "Shimen", "柳林镇": "Liulin"}
    )


def first(gazetteer: Gazetteer, text: str) -> Found:
    found = gazetteer.search(text)
    assert found, f"nothing found for {text!r}"
    return found[0]


@pytest.mark.parametrize(
    ("typed", "meant", "why"),
    [
        ("人民路", "人民路", "exact"),
        ("人民南", "人民南路", "prefix"),
        ("第一人民医院", "县第一人民医院", "contains"),
        ("县医院", "县第一人民医院", "contains"),
        ("renmin lu", "人民路", "pinyin"),
        ("RenMinNan", "人民南路", "pinyin"),
        ("rmnl", "人民南路", "initials"),
        ("HCDL", "环城东路", "initials"),
        ("chongqinghuoguo", "重庆火锅", "pinyin"),
        ("zhongqing", "重庆火锅", "pinyin"),
        ("cqhg", "重庆火锅", "initials"),
        ("lvdu", "绿都花园", "pinyin"),
        ("chang'an", "长安广场", "pinyin"),
        ("人名南路", "人民南路", "typo"),
        ("中善路", "中山路", "typo"),
        ("zongsanlu", "中山路", "typo"),
        ("renmimnanlu", "人民南路", "typo"),
        ("zhangjaiwan", "张家湾", "typo"),
        ("环城冬路", "环城东路", "typo"),
        ("shimen middle", "石门中学", "prefix"),
        ("midle school", "石门中学", "typo"),
        ("Renmin Rd", "人民路", "exact"),
        ("East Ring Rd.", "环城东路", "exact"),
        ("cafe zurich", "Café Zürich", "exact"),
        ("g629", "云江线", "exact"),
        ("318", "318国道", "prefix"),
        ("３１８国道", "318国道", "exact"),
        ("人民lu", "人民路", "pinyin"),
        ("人民路123号", "人民路", "address"),
        ("人民路12弄3号201室", "人民路", "address"),
        ("12 Renmin Road", "人民路", "address"),
    ],
)
def test_a_name_is_found_as_people_type_it(
    gazetteer: Gazetteer, typed: str, meant: str, why: str
) -> None:
    found = first(gazetteer, typed)
    assert (found.name, found.why) == (meant, why)


@pytest.mark.parametrize(
    "typed",
    [
        "石门镇正街",
        "石门正街",
        "正街，石门镇",
        "zhengjie, Shimen",
        "Shimen, zhengjie",
        "石门镇正接",
    ],
)
def test_a_town_before_or_behind_a_name_says_which_of_them(
    gazetteer: Gazetteer, typed: str
) -> None:
    found = first(gazetteer, typed)
    assert (found.name, found.town, found.town_en) == ("正街", "石门镇", "Shimen")


def test_of_equal_names_the_nearest_comes_first(gazetteer: Gazetteer) -> None:
    for near in (Place(120.53, 30.471), Place(120.541, 30.463), Place(120.56, 30.44)):
        found = [one for one in gazetteer.search("正街", near) if one.name == "正街"]
        away = [distance_m(near, Place(one.lon, one.lat)) for one in found]
        assert len(found) == 3
        assert away == sorted(away)
        assert [one.distance_m for one in found] == pytest.approx(away, rel=0.01, abs=1)


def test_a_distance_is_told_only_to_somebody_who_stands_somewhere(gazetteer: Gazetteer) -> None:
    assert first(gazetteer, "正街").distance_m is None
    assert gazetteer.search("人民路", HERE)[0].distance_m == pytest.approx(0, abs=1)


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=80), st.text("人民路街与镇0 １号ａbz',&，·𠮷é\u0301", max_size=20)
    )
)
def test_no_text_whatever_breaks_the_search(gazetteer: Gazetteer, text: str) -> None:
    for near in (None, HERE):
        found = gazetteer.search(text, near, limit=5)
        assert len(found) <= 5
        assert all(0 < one.score <= 1 for one in found)
        scores = [one.score for one in found]
        assert scores == sorted(scores, reverse=True) or max(scores) - min(scores) <= 0.3


def test_nothing_typed_finds_nothing(gazetteer: Gazetteer) -> None:
    for text in ("", "  ", "！？", "\u0301"):
        assert gazetteer.search(text) == []
    assert gazetteer.search("人民路", limit=0) == []


def test_what_is_like_no_name_finds_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.search("呼伦贝尔") == []
    assert gazetteer.search("qqqqqqqq") == []


@given(
    text=st.sampled_from([row[0] for row in PLACES] + ["renminlu", "rmnl", "shimen middle school"])
)
def test_capital_letters_and_spaces_make_no_difference(gazetteer: Gazetteer, text: str) -> None:
    found = [one.name for one in gazetteer.search(text)]
    for other in (text.upper(), text.lower(), f"  {text} ", text.swapcase()):
        assert [one.name for one in gazetteer.search(other)] == found


@settings(max_examples=40, deadline=None)
@given(
    names=st.lists(
        st.text("东西南北山水河路街村桥abcé19 ", min_size=1, max_size=8), max_size=12, unique=True
    )
)
def test_every_name_is_found_by_itself(names: list[str]) -> None:
    rows = tuple((name, "", "poi", "") for name in names)
    gazetteer = Gazetteer(table((*rows, *PLACES[:14])))
    for name in names:
        if any(c.isalnum() for c in name):
            found = gazetteer.search(name, limit=50)
            assert name in [one.name for one in found]


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 7), row=st.integers(0, len(PLACES) - 1))
def test_the_beginning_of_a_name_finds_it(gazetteer: Gazetteer, size: int, row: int) -> None:
    name = PLACES[row][0]
    assert name in [one.name for one in gazetteer.search(name[:size], limit=50)]


def test_a_slip_of_the_finger_is_forgiven_nine_times_in_ten() -> None:
    pick = random.Random(20261122)  # noqa: S311 - a choice of names, no secret
    stems = [
        "".join(
            pick.choices(
                "东西南北石白青黄龙凤虎马山水河溪江湖塘门楼坝坪岭坡湾泉井店庄林杨柳松竹梅", k=3
            )
        )
        for _ in range(2_000)
    ]
    rows = tuple(
        (stem + pick.choice(("路", "街", "村", "小学", "桥")), "", "poi", "")
        for stem in dict.fromkeys(stems)
    )
    gazetteer = Gazetteer(table((*rows, *PLACES)))
    hits = []
    for name, *_ in pick.sample(rows, 200):
        pinyin = "".join(gazetteer._index._speller.syllables(name))
        at = pick.randrange(1, len(pinyin))
        typed = pinyin[:at] + pick.choice(string.ascii_lowercase) + pinyin[at + 1 :]
        hits.append(name in [one.name for one in gazetteer.search(typed)])
    assert sum(hits) / len(hits) >= 0.9


def test_a_gazetteer_of_nothing_answers_nothing() -> None:
    empty = Names(
        names=[],
        names_en=[],
        kinds=[],
        towns=[],
        lons_deg=np.empty(0),
        lats_deg=np.empty(0),
        weights=np.empty(0),
    )
    gazetteer = Gazetteer(empty)
    for text in ("人民路", "renmin", "r", "人民路与中山路路口"):
        assert gazetteer.search(text, HERE) == []


@pytest.mark.slow
def test_everything_of_the_sample_county_is_found_by_its_name(sample_gazetteer: Gazetteer) -> None:
    names = sorted(set(sample_gazetteer._names.names) - {""})
    for name in names[::7]:
        assert first(sample_gazetteer, name).name == name


def test_every_answer_lies_in_the_town_it_names(
    sample: County, sample_gazetteer: Gazetteer, sample_locator: Locator
) -> None:
    for text in ("人民政府", "派出所", "正街", "家", "qiaotou", "x"):
        for one in sample_gazetteer.search(text, sample.center, limit=50):
            town = sample_locator.town_of(Place(one.lon, one.lat))
            assert one.kind in {"county", "crossing"} or one.town == (town.name_zh if town else "")


@pytest.mark.realdata
def test_a_real_county_without_chinese_names_is_searched_in_its_own(
    andorra: tuple[County, ImportReport],
) -> None:
    gazetteer = Gazetteer.of(andorra[0])
    for typed, meant in (
        ("meritxell", "Meritxell"),
        ("avinguda meritxel", "Meritxell"),
        ("encamp", "Encamp"),
        ("ordino", "Ordino"),
    ):
        assert meant in gazetteer.search(typed)[0].name
    assert gazetteer.search("carretera", Place(1.52, 42.51))
