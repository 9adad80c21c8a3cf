"""Webhooks on their way to the bot: how they are written, posted and first agreed on."""
