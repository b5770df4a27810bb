"""Every button payload, and the only place where one is written or read.

A payload is a wire format: buttons stay in chats for years and come back as they were
sent, or as somebody forged them. So a prefix ends in a version; a changed list of fields gets
the next version, and the old one is answered with "out of date". Telegram allows 64 bytes
(https://core.telegram.org/bots/api#inlinekeyboardbutton), so fields are written as in `wire`.
"""
