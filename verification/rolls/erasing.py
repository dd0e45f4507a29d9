"""Voters go when the identities of an election are destroyed (supports.retention); that there were lists stays."""

from candidates.models import Election
from supports import removal


def erase_voters(election: Election) -> int:
    """Erase the entries of every list of the election; how many."""
    return removal.erase_voters(election.pk)
