"""Build times against the limit of the machine and against other tools: ``python -m benchmarks``."""
