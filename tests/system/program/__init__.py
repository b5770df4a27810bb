"""Stories of the program: starts, stops, outages, replicas."""
