"""The page of rules."""

from tests.simulator.rules import PAGE, render


def test_the_page_of_rules_is_what_the_tests_say() -> None:
    assert PAGE.read_text() == render(), "python -m tests.simulator.rules writes it anew"
