"""What WhatsApp lets pass: the form of messages, and who may send them."""
