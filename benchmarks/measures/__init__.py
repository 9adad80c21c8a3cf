"""What is measured: one module for each name of ``python -m benchmarks``."""
