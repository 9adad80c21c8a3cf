"""Measurements side by side on Rasa Open Source: ``python -m benchmarks NAME``, ``--help`` for the names.

They run for minutes; ``--quick`` takes less of what a module's ``QUICK`` says. Their numbers are those of the
machine at that moment: other work on it shows in the 99th percentile first.
"""
