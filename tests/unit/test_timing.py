"""The benchmarks' statistics of measured seconds."""

from benchmarks.support.timing import Times


def test_two_are_compared_round_by_round_and_not_by_what_is_usual_of_each() -> None:
    once = Times.of([1.0, 4.0, 5.0])
    twice = Times.of([2.0, 5.0, 10.0])

    assert twice.over(once) == 2.0


def test_no_percentile_is_worse_than_the_worst_round() -> None:
    times = Times.of([0.001, 0.002, 0.003])

    assert times.p50 == 2.0
    assert times.p99 <= 3.0
