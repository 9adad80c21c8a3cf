"""Meta's Graph API, as it is offered to one number and its account."""
