"""Telegram's side."""
