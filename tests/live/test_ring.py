"""The ring: encoded once, read by any number of cursors, honest about what it no longer has."""

from live.audience import FULL, MASKED, of_department
from live.deltas import Board
from live.ring import CHUNK_MAX, Ring
from tests.live.doubles import hear_all
from tests.live.histories import County
from tests.live.wire import frames_of


def ring_of(cases: int, size: int = 10_000) -> Ring:
    county = County()
    for _ in range(cases):
        county.report()
    ring = Ring(0, size)
    for delta in hear_all(Board(), county.events, county.events):
        ring.add(delta, at_ms=1)
    return ring


def test_listeners_of_one_audience_are_given_the_very_same_bytes() -> None:
    ring = ring_of(3)
    assert ring.after(MASKED, 0)[0] is ring.after(MASKED, 0)[0]
    assert ring.after(MASKED, 0)[0] != ring.after(FULL, 0)[0]


def test_a_cursor_walks_the_whole_ring_in_chunks_without_a_hole() -> None:
    ring, cursor, numbers = ring_of(CHUNK_MAX), 0, []
    while cursor < ring.seq:
        body, cursor = ring.after(FULL, cursor)
        told = [frame.data for frame in frames_of(body)]
        numbers += [
            n for data in told for n in range(data.get("from", data["seq"]), data["seq"] + 1)
        ]
    assert numbers == list(range(1, ring.seq + 1))
    assert ring.seq > CHUNK_MAX


def test_who_has_everything_is_given_nothing() -> None:
    ring = ring_of(2)
    assert ring.after(FULL, ring.seq) == (b"", ring.seq)


def test_events_that_do_not_concern_an_audience_are_told_as_one_frame_of_numbers() -> None:
    ring = ring_of(5)
    body, cursor = ring.after(of_department("water"), 0)
    (frame,) = frames_of(body)
    assert (frame.id, frame.data["from"], frame.data["seq"]) == (ring.seq, 1, ring.seq)
    assert cursor == ring.seq


def test_the_ring_forgets_its_oldest_and_says_so() -> None:
    ring = ring_of(20, size=8)
    assert ring.seq == 40
    assert not ring.holds(31)
    assert ring.holds(32)
    assert [frame.id for frame in frames_of(ring.after(FULL, 38)[0])] == [39, 40]


def test_a_number_the_ring_never_gave_is_not_served() -> None:
    assert not ring_of(1).holds(3)


def test_a_hole_in_the_numbers_empties_the_ring() -> None:
    county = County()
    county.report()
    county.report()
    ring, board = Ring(0, 100), Board()
    deltas = hear_all(board, county.events, county.events)
    ring.add(deltas[0], 1)
    ring.add(deltas[3], 1)
    assert not ring.holds(1)
    assert (ring.floor, ring.seq) == (3, 4)
