"""The parts of the bench; bench.py one folder up puts them together."""
