"""Reviewed content, loaded into rule values: timescales, guidance, the holiday calendar."""
