"""The office receives what was handed in: it counts the paper, decides, and both sides get minutes."""
