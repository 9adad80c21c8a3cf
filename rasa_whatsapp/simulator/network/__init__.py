"""WhatsApp itself: carries messages between people and the number."""
