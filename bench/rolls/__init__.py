"""Voter lists: how long one is loaded, and how long a round is compared with it."""
