"""Telegram's side: updates in, replies out; everything between is the bot's."""
