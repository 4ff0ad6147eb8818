"""Driftless: what the bot knows and can do."""
