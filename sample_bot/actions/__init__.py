"""The club bot's custom actions, for `rasa run actions`."""
