"""A school's busy day in ten minutes: `python -m tests.soak`."""
