"""Tests of the contracts that `make lint` checks."""
