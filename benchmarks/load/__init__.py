"""What is sent to a server, how fast, and what it answers."""
