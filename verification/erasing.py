"""What people wrote about rows goes when the identities of an election are destroyed (supports.retention)."""

from candidates.models import Election
from foundation import sql
from verification.models import Bulk


def erase_notes(election: Election) -> int:
    """Blank the notes of an election's decisions, and of what was decided in bulk; the decisions stay. How many.

    The database does it, and only once the keys of the election are destroyed: elsewhere a decision never changes.
    """
    erased = sql.value("SELECT verification_erase_notes(%s)", [election.pk])
    bulks = Bulk.objects.filter(review__submission__pair__election=election).exclude(note="")
    return erased + bulks.update(note="")
