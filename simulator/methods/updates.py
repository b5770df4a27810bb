"""How a bot gets its updates."""

from typing import Final

from aiogram.methods import DeleteWebhook, GetUpdates, GetWebhookInfo, SetWebhook
from aiogram.types import Update, WebhookInfo

from simulator.accounts import BotAccount
from simulator.errors import conflict
from simulator.methods.table import Described, Table
from simulator.updates.webhooks import Webhook
from simulator.world import World

_LONGEST_POLL: Final = 50


async def get_updates(_: World, bot: BotAccount, call: GetUpdates) -> list[Update]:
    if bot.webhook:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    bot.updates.allow(call.allowed_updates)
    return await bot.updates.poll(
        offset=call.offset or 0,
        limit=min(max(call.limit or 100, 1), 100),
        wait=min(max(call.timeout or 0, 0), _LONGEST_POLL),
    )


def set_webhook(world: World, bot: BotAccount, call: SetWebhook) -> Described:
    if not call.url:
        return _delete(world, bot, drop=call.drop_pending_updates)
    before = bot.webhook
    bot.updates.end_poll("terminated by setWebhook request")
    _delete(world, bot, drop=call.drop_pending_updates)
    connections = min(max(call.max_connections or 40, 1), 100)
    webhook = Webhook(call.url, call.secret_token or None, connections)
    same = before and before.asks_for_the_same(webhook) and not call.drop_pending_updates
    bot.updates.allow(call.allowed_updates)
    bot.webhook = webhook
    world.notify("webhook", bot=bot.username, url=call.url)
    return Described("Webhook is already set" if same else "Webhook was set")


def delete_webhook(world: World, bot: BotAccount, call: DeleteWebhook) -> Described:
    return _delete(world, bot, drop=call.drop_pending_updates)


def _delete(world: World, bot: BotAccount, *, drop: bool | None) -> Described:
    if drop:
        bot.updates.drop()
    was_set, bot.webhook = bot.webhook is not None, None
    world.notify("webhook", bot=bot.username, url="")
    return Described("Webhook was deleted" if was_set else "Webhook is already deleted")


def get_webhook_info(_: World, bot: BotAccount, __: GetWebhookInfo) -> WebhookInfo:
    webhook = bot.webhook
    return WebhookInfo(
        url=webhook.url if webhook else "",
        has_custom_certificate=False,
        pending_update_count=len(bot.updates.pending),
        last_error_date=webhook.failed_at if webhook else None,
        last_error_message=webhook.failure if webhook else None,
        max_connections=webhook.max_connections if webhook else None,
        allowed_updates=list(bot.updates.named) if bot.updates.named else None,
    )


HANDLERS: Final[Table] = {
    GetUpdates: get_updates,
    SetWebhook: set_webhook,
    DeleteWebhook: delete_webhook,
    GetWebhookInfo: get_webhook_info,
}
