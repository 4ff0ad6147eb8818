"""A Telegram on loopback: a Bot API server with a chat page, for the demonstration, training and tests.

It knows nothing of the bot that talks to it, and any Bot API library can.
"""
