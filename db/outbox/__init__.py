"""Messages owed to people: owing, reading, the queue of workers, the pace."""
