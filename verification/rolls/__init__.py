"""Voter lists of an election, DPT and DP4: loaded as supporters are, and compared with the rounds in verification."""
