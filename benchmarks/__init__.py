"""Measurements side by side on Rasa Open Source: ``python -m benchmarks ack|burst|rasa|store|memory``.

They run for minutes, and their numbers are those of the machine at that moment: other work on it shows in the
99th percentile first.
"""
