"""Guided dialogues: a step at a time, kept in the database, so that a restart forgets nothing."""
