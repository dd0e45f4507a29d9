"""A ruling gives named rows of a round back to the team, and the round comes back to its verification."""
