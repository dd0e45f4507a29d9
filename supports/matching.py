"""When matches across pairs are looked for: as jobs of the election, after what the pair did is committed."""

from foundation.jobs.operations import enqueue
from supports.models import Submission, Upload


def queue_match(upload: Upload) -> None:
    """Rows came: their NIKs are matched against every pair of the election."""
    election = upload.submission.pair.election_id
    enqueue("supports.match_pairs", lane=f"election:{election}", subject_id=upload.pk, by=None)


def queue_recheck(submission: Submission) -> None:
    """Rows went: what was matched in the election is looked at again."""
    election = submission.pair.election_id
    enqueue("supports.recheck_pair_matches", lane=f"election:{election}", subject_id=election, by=None)
