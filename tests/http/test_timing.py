"""Where the time of an exchange went, in whole cases."""

from netviz.http.timing import Moments, Timing, exchange_timing

SECOND = 1_000_000_000


def at(first: float, last: float) -> Moments:
    return Moments(int(first * SECOND), int(last * SECOND))


def test_the_first_exchange_of_a_connection() -> None:
    found = exchange_timing(at(10, 10.5), at(12, 13), None, True, (9 * SECOND, int(9.25 * SECOND)))
    assert found == Timing(0.0, 0.25, 0.5, 1.5, 1.0)


def test_a_later_one_did_not_connect() -> None:
    assert exchange_timing(at(10, 10), at(11, 11), 9 * SECOND) == Timing(0.0, 0.0, 0.0, 1.0, 0.0)


def test_a_pipelined_one_was_blocked_by_the_response_before_it() -> None:
    assert exchange_timing(at(10, 10), at(14, 15), 13 * SECOND) == Timing(3.0, 0.0, 0.0, 1.0, 1.0)


def test_an_answer_before_the_end_of_the_request() -> None:
    assert exchange_timing(at(10, 14), at(12, 12), 9 * SECOND).wait == 0.0


def test_what_is_missing_is_not_known() -> None:
    assert exchange_timing(at(10, 11), None, None, True) == Timing(0.0, None, 1.0, None, None)
    assert exchange_timing(None, at(10, 11), 9 * SECOND) == Timing(None, 0.0, None, None, 1.0)
    assert exchange_timing(at(10, 11), at(12, 12), None).blocked is None
