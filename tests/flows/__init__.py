"""Stories through the simulator: the real program, real HTTP, a real database."""
