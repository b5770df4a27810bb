"""Page numbers, also where counting stopped at its limit."""

import pytest

from bot.services.lists.paging import last_limit, numbered
from db.models.counts import MOST_FOUND, AtLeast, counted


@pytest.mark.parametrize(
    ("before", "behind", "label"),
    [
        (0, 0, "1 of 1"),
        (0, 1, "1 of 2"),
        (16, 9, "3 of 5"),
        # A page before a deleted row may have fewer rows than fit.
        (3, 0, "2 of 2"),
        (0, AtLeast(1000), "1 of 126+"),
        (992, AtLeast(1000), "125 of 250+"),
        (AtLeast(1000), 16, "126+ of 128+"),
        (AtLeast(1000), 0, "126+ of 126+"),
        (AtLeast(0), AtLeast(0), "1+ of 1+"),
    ],
)
def test_a_page_says_which_it_is_or_that_it_is_at_least_that(
    before: int, behind: int, label: str
) -> None:
    number, last = numbered(before, behind)

    assert f"{number} of {last}" == label


def test_the_last_page_holds_what_is_left_over_where_that_is_known() -> None:
    limits = [last_limit(total) for total in (1, 8, 9, 999, AtLeast(1000))]

    assert limits == [1, 8, 1, 7, 8]


def test_counting_that_ended_is_marked_and_never_nothing() -> None:
    assert [str(counted(n)) for n in (0, MOST_FOUND - 1, MOST_FOUND)] == ["0", "999", "1000+"]
    assert not counted(0)
    assert AtLeast(0)
