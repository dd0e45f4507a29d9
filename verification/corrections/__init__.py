"""Decided rows that a correction by KPU or a ruling takes back to unverified, to be decided anew."""
