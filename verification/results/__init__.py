"""The result of a round: what the rows that people decided come to, frozen when the round is closed."""
