"""The parts of the sample generator; make_sample.py one folder up puts them together."""
