"""What can be switched on: single faults, bad days, and the restrictions of Meta."""
