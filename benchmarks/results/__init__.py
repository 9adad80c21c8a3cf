"""What was found: ratios, their table and their chart, and the machine that they were taken on."""
