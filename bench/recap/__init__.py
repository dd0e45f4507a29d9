"""`python -m bench.recap`: what it costs to close a round of the size of Jakarta, with its recap and its papers."""
