"""The questions of a draft: who, which course and stream, and which status."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.errors import ChoiceGone
from bot.errors.adding import DraftGone, PersonUnknown
from bot.services.access import Desk, Permission
from bot.services.adding import answers
from bot.services.adding.views import read_draft
from bot.views.adding.by_hand import DraftView
from db.database import UnitOfWork
from db.models.adding.drafts import ADDABLE, Draft, DraftField, Person
from db.models.audit import Actor
from db.models.bookings import status_of

ASKING: Final = timedelta(minutes=15)
"""How long the admin's next message is taken as the answer; then it is searched for again."""
_CANDIDATES: Final = 8


class DraftService:
    """Bookings that are about to be added by hand, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not add bookings.
        DraftGone: from the methods that take a number.
    """

    def __init__(self, desk: Desk, *, grace: timedelta) -> None:
        """Say that an addition can be undone for the time of `grace`."""
        self._desk = desk
        self._grace = grace

    async def begin(self, *, by: Actor) -> DraftView:
        """Return a new draft of the admin, in place of an older one."""
        async with self._desk.transaction(by, Permission.ADD) as uow:
            return await self._view(uow, await uow.drafts.begin(by))

    async def waits(self, *, by: Actor) -> bool:
        """Whether the admin's next message answers a draft."""
        async with self._desk.statement(by, Permission.ADD) as uow:
            return await uow.drafts.waiting(by, within=ASKING) is not None

    async def show(
        self,
        draft_id: int,
        field: DraftField | None = None,
        *,
        offset: int = 0,
        by: Actor,
    ) -> DraftView:
        """Ask for this field, from choice number `offset` on; without one, for what is missing."""
        async with self._desk.transaction(by, Permission.ADD) as uow:
            draft = await open_draft(uow, draft_id, by)
            asked = draft.asking() if field is None else replace(draft, asks=field)
            return await self._view(uow, await uow.drafts.save(asked), offset)

    async def answer(self, text: str, *, by: Actor) -> DraftView:
        """Take a written answer to what the admin's draft asks for.

        Raises:
            DraftGone: no draft asks for anything.
            PersonUnclear, PersonUnknown, PhoneNumber, SearchEmpty, NameTooLong: it is no answer.
        """
        async with self._desk.transaction(by, Permission.ADD) as uow:
            draft = await _waiting(uow, by)
            if draft is None:
                raise DraftGone
            match draft.asks:
                case DraftField.PERSON:
                    return await self._name_person(uow, draft, text)
                case DraftField.COURSE:
                    return await self._name_course(uow, draft, text)
                case DraftField.STREAM:
                    return await self._name_stream(uow, draft, text)
                case _:
                    raise DraftGone

    async def take_person(self, person: Person, *, by: Actor) -> DraftView:
        """Take somebody who was shared into the draft that asks, or else into a new one."""
        async with self._desk.transaction(by, Permission.ADD) as uow:
            draft = await _waiting(uow, by) or await uow.drafts.begin(by)
            return await self._keep(uow, await _with_person(uow, draft, person))

    async def choose(
        self, draft_id: int, field: DraftField, value: int, *, by: Actor
    ) -> DraftView:
        """Take what a button names: a person, a course, a stream, or the code of a status.

        Raises:
            ChoiceGone: there is none any more.
        """
        async with self._desk.transaction(by, Permission.ADD) as uow:
            draft = await open_draft(uow, draft_id, by)
            return await self._keep(uow, await _chosen(uow, draft, field, value))

    async def cancel(self, draft_id: int, *, by: Actor) -> None:
        """Drop the draft."""
        async with self._desk.transaction(by, Permission.ADD) as uow:
            await uow.drafts.drop(await open_draft(uow, draft_id, by))

    async def _name_person(self, uow: UnitOfWork, draft: Draft, text: str) -> DraftView:
        match answers.who(text):
            case Person() as person:
                return await self._keep(uow, await _with_person(uow, draft, person))
            case username:
                ids = await uow.names.people_by_username(username, limit=_CANDIDATES)
        if not ids:
            raise PersonUnknown(username)
        known = await uow.adding.people(ids)
        if len(known) > 1:
            view = await self._view(uow, draft)
            return replace(view, candidates=list(known.values()))
        [person] = known.values()
        return await self._keep(uow, await _with_person(uow, draft, person))

    async def _name_course(self, uow: UnitOfWork, draft: Draft, text: str) -> DraftView:
        name = answers.name(text, answers.LONGEST_NAME)
        number = await uow.courses.called(name)
        chosen = replace(
            draft,
            course_id=number,
            course_name=name if number is None else None,
            course_stream=None,
        )
        return await self._keep(uow, chosen)

    async def _name_stream(self, uow: UnitOfWork, draft: Draft, text: str) -> DraftView:
        name = answers.name(text, answers.LONGEST_CODE)
        known = await uow.streams.open_of(draft.course_id)
        same = (s for s in known if name.lower() in {s.code.lower(), (s.name or "").lower()})
        stream = next(same, None)
        return await self._keep(
            uow, replace(draft, course_stream=name if stream is None else stream.code)
        )

    async def _keep(self, uow: UnitOfWork, draft: Draft) -> DraftView:
        """Save what was answered, and ask for the next thing."""
        return await self._view(uow, await uow.drafts.save(draft.asking()))

    async def _view(self, uow: UnitOfWork, draft: Draft, offset: int = 0) -> DraftView:
        return await read_draft(uow, draft, offset=offset, grace=self._grace)


async def open_draft(uow: UnitOfWork, draft_id: int, by: Actor) -> Draft:
    """Return the admin's draft, locked.

    Raises:
        DraftGone: it is dropped, another admin's, or has become a booking.
    """
    draft = await uow.drafts.lock(draft_id, by=by)
    if draft is None or draft.booking_id is not None:
        raise DraftGone
    return draft


async def _waiting(uow: UnitOfWork, by: Actor) -> Draft | None:
    """Return the draft that the admin's next message answers, locked."""
    draft_id = await uow.drafts.waiting(by, within=ASKING)
    return None if draft_id is None else await uow.drafts.lock(draft_id, by=by)


async def _with_person(uow: UnitOfWork, draft: Draft, person: Person) -> Draft:
    """Return the draft with the person; what Telegram did not say, the desk may know."""
    known = (await uow.adding.people([person.user_id]))[person.user_id]
    return replace(
        draft,
        user_id=person.user_id,
        first_name=person.first_name or known.first_name,
        username=person.username or known.username,
    )


async def _chosen(uow: UnitOfWork, draft: Draft, field: DraftField, value: int) -> Draft:
    match field:
        case DraftField.PERSON:
            return await _with_person(uow, draft, Person(user_id=value))
        case DraftField.COURSE:
            uow.allow(value)
            return replace(draft, course_id=value, course_name=None, course_stream=None)
        case DraftField.STREAM:
            stream = await uow.streams.get(value)
            if stream is None or not stream.is_open or stream.course_id != draft.course_id:
                raise ChoiceGone
            return replace(draft, course_stream=stream.code)
        case DraftField.STATUS:
            if status_of(value) not in ADDABLE:
                raise ChoiceGone
            return replace(draft, confirmed=value)
