"""A school's busy day in ten minutes: `python -m benchmarks.soak`."""
