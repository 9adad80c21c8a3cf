"""What stands around every request of the bot: who calls, what is logged, refused and given page by page."""
