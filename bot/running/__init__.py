"""Work that runs as long as the program."""
