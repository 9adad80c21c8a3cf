"""What is sent to a server, how fast, how long its turns take, and what it answers."""
