"""Work that goes on for as long as the program does."""
