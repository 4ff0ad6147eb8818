"""Timings as ratios measured in one run; run by `make bench`, never by a test."""
