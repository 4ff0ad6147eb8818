"""Every sentence the bot says: values in, escaped HTML out."""
