"""Chats and who is in them."""

from typing import Final

from aiogram.enums import ChatAction, ChatMemberStatus, ChatType
from aiogram.methods import (
    BanChatMember,
    GetChat,
    GetChatAdministrators,
    GetChatMember,
    GetChatMemberCount,
    LeaveChat,
    SendChatAction,
    UnbanChatMember,
)
from aiogram.types import (
    AcceptedGiftTypes,
    ChatFullInfo,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberUnion,
)

from simulator.accounts import Account, BotAccount
from simulator.chats.groups import GroupChat
from simulator.chats.members import change, leave
from simulator.errors import ApiError, bad_request
from simulator.methods.table import Table
from simulator.world import World

#: What a bot can be seen to do, under the names of today and of before.
_ACTIONS: Final = frozenset(
    {
        *(action.value for action in ChatAction),
        *("cancel", "record_audio", "upload_audio"),
    }
)
_NO_GIFTS: Final = AcceptedGiftTypes.model_validate(
    dict.fromkeys(AcceptedGiftTypes.model_fields, False)
)


def send_chat_action(world: World, bot: BotAccount, call: SendChatAction) -> bool:
    if call.action.lower() not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.writable_chat(bot, call.chat_id)
    world.notify("action", **chat.address, action=call.action)
    return True


def get_chat(world: World, bot: BotAccount, call: GetChat) -> ChatFullInfo:
    about = world.readable_chat(bot, call.chat_id).about
    return ChatFullInfo(
        **about.model_dump(exclude_none=True),
        accent_color_id=0,
        max_reaction_count=11,
        bio=_bio(world, about.id),
        accepted_gift_types=_NO_GIFTS,
    )


def _bio(world: World, chat_id: int) -> str | None:
    account = world.accounts.get(chat_id)
    return account.bio if account else None


def get_chat_member(world: World, bot: BotAccount, call: GetChatMember) -> ChatMemberUnion:
    check_user_id(call.user_id)
    chat = world.writable_chat(bot, call.chat_id)
    user = _user(world, bot, call.user_id).user
    if isinstance(chat, GroupChat):
        return chat.members.get(user.id, ChatMemberLeft(user=user))
    return ChatMemberMember(user=user)


def get_chat_administrators(
    world: World, bot: BotAccount, call: GetChatAdministrators
) -> list[ChatMemberUnion]:
    """Return those in charge; of the bots among them only the one that asks, unless told."""
    chat = world.writable_chat(bot, call.chat_id)
    if not isinstance(chat, GroupChat):
        raise bad_request("there are no administrators in the private chat")
    others = set() if call.return_bots else chat.bots.keys() - {bot.id}
    return [
        member for id_, member in chat.members.items() if chat.is_admin(id_) and id_ not in others
    ]


def get_chat_member_count(world: World, bot: BotAccount, call: GetChatMemberCount) -> int:
    chat = world.writable_chat(bot, call.chat_id)
    return sum(map(chat.has, chat.members)) if isinstance(chat, GroupChat) else 2


def leave_chat(world: World, bot: BotAccount, call: LeaveChat) -> bool:
    chat = world.readable_chat(bot, call.chat_id)
    if not isinstance(chat, GroupChat):
        raise bad_request("can't leave private chats")
    if chat.has(bot.id):
        leave(world, chat, bot.user, by=bot.user)
    return True


def ban_chat_member(world: World, bot: BotAccount, call: BanChatMember) -> bool:
    check_user_id(call.user_id)
    chat = world.writable_chat(bot, call.chat_id)
    if not isinstance(chat, GroupChat):
        raise bad_request("can't ban members in private chats")
    if call.user_id == bot.id:
        raise bad_request("can't restrict self")
    if chat.status(call.user_id) is ChatMemberStatus.CREATOR:
        raise bad_request("can't remove chat owner")
    _require_right(chat, bot)
    if chat.is_admin(call.user_id):
        raise bad_request("user is an administrator of the chat")
    leave(world, chat, _user(world, bot, call.user_id).user, by=bot.user, banned=True)
    return True


def unban_chat_member(world: World, bot: BotAccount, call: UnbanChatMember) -> bool:
    """Let someone come back; someone who is there is thrown out, unless told otherwise."""
    check_user_id(call.user_id)
    group = group_of(world, bot, call.chat_id)
    if group.type is not ChatType.SUPERGROUP:
        raise _only_supergroups()
    _require_right(group, bot)
    user = _user(world, bot, call.user_id).user
    if group.has(user.id):
        if not call.only_if_banned:
            leave(world, group, user, by=bot.user)
    elif user.id in group.members:
        change(world, group, ChatMemberLeft(user=user), by=bot.user)
    return True


def group_of(world: World, bot: BotAccount, chat_id: int | str) -> GroupChat:
    """Return a group the bot is in.

    Raises:
        ApiError: it is not, or the chat is no group.
    """
    chat = world.writable_chat(bot, chat_id)
    if not isinstance(chat, GroupChat):
        raise _only_supergroups()
    return chat


def check_user_id(user_id: int) -> None:
    """Raise ApiError for what is no one's id."""
    if user_id <= 0:
        raise bad_request("invalid user_id specified")


def _only_supergroups() -> ApiError:
    return bad_request("method is available for supergroup and channel chats only")


def _require_right(group: GroupChat, bot: BotAccount) -> None:
    if not group.may(bot.id, "can_restrict_members"):
        raise bad_request("not enough rights to restrict/unrestrict chat member")


def _user(world: World, bot: BotAccount, user_id: int) -> Account | BotAccount:
    account = bot if user_id == bot.id else world.accounts.get(user_id)
    if account is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return account


HANDLERS: Final[Table] = {
    SendChatAction: send_chat_action,
    GetChat: get_chat,
    GetChatMember: get_chat_member,
    GetChatAdministrators: get_chat_administrators,
    GetChatMemberCount: get_chat_member_count,
    LeaveChat: leave_chat,
    BanChatMember: ban_chat_member,
    UnbanChatMember: unban_chat_member,
}
