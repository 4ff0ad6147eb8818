"""What the bot remembers: the only place that talks to the database."""
