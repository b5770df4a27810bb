"""What becomes of the messages when something breaks: `python -m tests.faults`.

The real program runs as processes, against a Telegram of this machine and a real PostgreSQL,
and something is done to one of the three. Then the students' chats are counted.
"""
