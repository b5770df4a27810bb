"""Button payloads: they are written and read only here.

A payload is a wire format: buttons stay in chats for years, and a client can forge them. The
prefix ends in a version: a changed list of fields gets the next version, and a press with the old
one is answered with "out of date". Telegram allows 64 bytes
(https://core.telegram.org/bots/api#inlinekeyboardbutton), so `wire` writes fields compactly.
"""
