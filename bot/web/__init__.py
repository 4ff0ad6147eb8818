"""The bot's own web part: health and metrics, the webhook, and pages for managers."""
