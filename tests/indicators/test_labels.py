"""No town's name covers another's on the map of a brief."""

from itertools import combinations

from indicators.labels import Box, spread, width_of


def test_labels_that_cover_one_another_are_pushed_apart_and_others_stay() -> None:
    boxes = [Box(x, y, 80, 30) for x, y in ((0, 0), (30, 4), (34, 22), (300, 0), (0, 0))]
    placed = spread(boxes)
    for one, other in combinations(placed, 2):
        assert abs(one[0] - other[0]) >= 79.9 or abs(one[1] - other[1]) >= 29.9
    assert placed[3] == (300, 0)


def test_a_chinese_letter_is_as_wide_as_it_is_high() -> None:
    assert width_of("桥头镇", 10) == 30
    assert width_of("Qiaotou", 10) < 45
