"""Invite links, and those who ask to be let in."""

from datetime import UTC, datetime, timedelta
from typing import Final

from aiogram.methods import (
    ApproveChatJoinRequest,
    CreateChatInviteLink,
    DeclineChatJoinRequest,
    RevokeChatInviteLink,
)
from aiogram.types import ChatInviteLink

from simulator.accounts import BotAccount
from simulator.chats.groups import GroupChat, InviteLink
from simulator.chats.members import enter
from simulator.errors import bad_request
from simulator.methods.chats import check_user_id, group_of
from simulator.methods.table import Table
from simulator.world import World

_LONGEST_NAME: Final = 32


def create_chat_invite_link(
    world: World, bot: BotAccount, call: CreateChatInviteLink
) -> ChatInviteLink:
    group = _managed_by(world, bot, call.chat_id)
    if call.creates_join_request and call.member_limit:
        raise bad_request(
            "member limit can't be specified for links requiring administrator approval"
        )
    if call.member_limit is not None and not 0 <= call.member_limit <= 99_999:
        raise bad_request("invalid member_limit specified")
    link = InviteLink(
        url=f"https://t.me/+{abs(group.id)}-{len(group.links) + 1}",
        creator=bot,
        name=(call.name or "")[:_LONGEST_NAME] or None,
        expires=_moment(call.expire_date, world.clock.now()),
        member_limit=call.member_limit or None,
        asks=bool(call.creates_join_request),
    )
    group.links[link.url] = link
    return link.about


def revoke_chat_invite_link(
    world: World, bot: BotAccount, call: RevokeChatInviteLink
) -> ChatInviteLink:
    link = _managed_by(world, bot, call.chat_id).links.get(call.invite_link)
    if link is None or link.creator is not bot:
        raise bad_request("INVITE_HASH_EXPIRED")
    link.revoked = True
    return link.about


def approve_chat_join_request(world: World, bot: BotAccount, call: ApproveChatJoinRequest) -> bool:
    group = _asked_by(world, bot, call.chat_id, call.user_id)
    link = _answer(group, call.user_id)
    user = world.accounts[call.user_id].user
    enter(world, group, user, by=bot.user, link=link, approved=True)
    return True


def decline_chat_join_request(world: World, bot: BotAccount, call: DeclineChatJoinRequest) -> bool:
    _answer(_asked_by(world, bot, call.chat_id, call.user_id), call.user_id)
    return True


def _answer(group: GroupChat, user_id: int) -> InviteLink:
    """Take someone off the list of those who wait, and return the link they came by."""
    if group.has(user_id):
        raise bad_request("USER_ALREADY_PARTICIPANT")
    for link in group.links.values():
        if user_id in link.waiting:
            link.waiting.remove(user_id)
            return link
    raise bad_request("HIDE_REQUESTER_MISSING")


def _managed_by(
    world: World, bot: BotAccount, chat_id: int | str, what: str = "invite link"
) -> GroupChat:
    group = group_of(world, bot, chat_id)
    if not group.may(bot.id, "can_invite_users"):
        raise bad_request(f"not enough rights to manage chat {what}")
    return group


def _asked_by(world: World, bot: BotAccount, chat_id: int | str, user_id: int) -> GroupChat:
    """Return a group in which the bot answers those who ask to come in."""
    check_user_id(user_id)
    return _managed_by(world, bot, chat_id, "join requests")


def _moment(value: datetime | timedelta | int | None, now: datetime) -> datetime | None:
    match value:
        case int():
            return datetime.fromtimestamp(value, UTC)
        case timedelta():
            return now + value
    return value


HANDLERS: Final[Table] = {
    CreateChatInviteLink: create_chat_invite_link,
    RevokeChatInviteLink: revoke_chat_invite_link,
    ApproveChatJoinRequest: approve_chat_join_request,
    DeclineChatJoinRequest: decline_chat_join_request,
}
