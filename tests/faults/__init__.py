"""Messages while something breaks: `python -m tests.faults`.

The real program runs as processes, with a Telegram on this machine and a real PostgreSQL. A
scenario breaks one of the three. Afterwards the messages in the students' chats are counted.
"""
