"""What somebody has heard, asked again and again: no change is announced while a door is shut."""

from tests.support.person import Person


async def heard(person: Person, words: str) -> bool:
    """Whether any message to this person has the words."""
    return any(words in text for text in person.inbox)
