"""Side-by-side measurements: ``python -m benchmarks ack | burst | rasa``, on Rasa Open Source.

They run for minutes, and their numbers are those of the machine at that moment: other work on it shows in the
99th percentile first.
"""
