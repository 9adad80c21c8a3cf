"""Programs that are started in processes of their own: the channel, its limit, and its peers."""
