"""What is read of a message whose button was pressed."""

from bot.telegram.session import drop_unread


def test_what_leads_to_the_message_is_kept_also_in_a_topic_and_nothing_else() -> None:
    leads = {
        "message_id": 7,
        "date": 1_700_000_000,
        "chat": {"id": -100, "type": "supergroup"},
        "message_thread_id": 3,
        "is_topic_message": True,
    }
    rest = {"text": "Booking", "reply_markup": {"inline_keyboard": []}, "from": {"id": 1}}
    update = {"update_id": 1, "callback_query": {"id": "1", "message": leads | rest}}

    drop_unread(update)

    assert update["callback_query"] == {"id": "1", "message": leads}
