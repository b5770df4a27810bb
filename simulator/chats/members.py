"""Coming into groups, leaving them, and being given rights there."""

from datetime import UTC, datetime, timedelta
from typing import Final

from aiogram.enums import UpdateType
from aiogram.types import (
    ChatJoinRequest,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberUnion,
    ChatMemberUpdated,
    User,
)

from simulator.accounts import Account
from simulator.chats.groups import GroupChat, InviteLink
from simulator.world import World

#: How Telegram writes "without an end".
FOREVER: Final = datetime.fromtimestamp(0, UTC)
_INTRODUCTION: Final = timedelta(minutes=5)


def enter(
    world: World,
    group: GroupChat,
    user: User,
    *,
    by: User,
    link: InviteLink | None = None,
    approved: bool = False,
) -> None:
    """Let someone in; everyone sees it in the chat."""
    if link:
        link.used_by.add(user.id)
    change(world, group, ChatMemberMember(user=user), by=by, link=link, approved=approved)
    message = world.post(group, by, {"new_chat_members": [user]})
    world.tell(group, UpdateType.MESSAGE, message)


def leave(world: World, group: GroupChat, user: User, *, by: User, banned: bool = False) -> None:
    """Take someone out, by their own will or another's."""
    for link in group.links.values():
        link.used_by.discard(user.id)
    gone = ChatMemberBanned(user=user, until_date=FOREVER) if banned else ChatMemberLeft(user=user)
    change(world, group, gone, by=by)
    message = world.post(group, by, {"left_chat_member": user})
    world.tell(group, UpdateType.MESSAGE, message)


def change(
    world: World,
    group: GroupChat,
    member: ChatMemberUnion,
    *,
    by: User,
    link: InviteLink | None = None,
    approved: bool = False,
) -> None:
    """Give someone another place in the group, and tell the bots that may know.

    A bot is told of itself, and of others if it is an administrator.
    """
    user = member.user
    old = group.members.get(user.id, ChatMemberLeft(user=user))
    group.members[user.id] = member
    event = ChatMemberUpdated(
        chat=group.about,
        from_user=by,
        date=world.clock.now(),
        old_chat_member=old,
        new_chat_member=member,
        invite_link=link.about if link else None,
        via_join_request=approved or None,
    )
    for bot in group.bots.values():
        if bot.id == user.id:
            bot.updates.put(UpdateType.MY_CHAT_MEMBER, event)
        elif group.is_admin(bot.id):
            bot.updates.put(UpdateType.CHAT_MEMBER, event)
    world.notify("member", **group.address, user_id=user.id, status=member.status)


def administrator(user: User, *rights: str) -> ChatMemberAdministrator:
    """Return an administrator with these rights, as the schema names them, and no others."""
    fields = ChatMemberAdministrator.model_fields
    unknown = set(rights) - fields.keys()
    if unknown:
        raise ValueError(f"no such rights: {sorted(unknown)}")
    every = {name: name in rights for name in fields if name.startswith(("can_", "is_"))}
    return ChatMemberAdministrator.model_validate({"user": user, **every, "can_manage_chat": True})


def request(world: World, group: GroupChat, account: Account, link: InviteLink) -> None:
    """Ask to be let in; the bot that made the link may write to whoever asks, for a while."""
    link.waiting.add(account.id)
    now = world.clock.now()
    event = ChatJoinRequest(
        chat=group.about,
        from_user=account.user,
        user_chat_id=account.id,
        date=now,
        invite_link=link.about,
    )
    for bot in group.bots.values():
        if group.may(bot.id, "can_invite_users"):
            world.introductions[bot.id, account.id] = now + _INTRODUCTION
            bot.updates.put(UpdateType.CHAT_JOIN_REQUEST, event)
    world.notify("join_request", **group.address, user_id=account.id)
