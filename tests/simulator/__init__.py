"""The simulator is as strict as Telegram, and a person can see what it does."""
