"""People given by several pairs of an election: when it is looked for, and what is written. Commission only.

Looked for by jobs of the election, after what the pair did is committed, so that no team waits for it or can tell from
the time it takes what another team has.
"""

from candidates.models import Pair
from foundation import sql
from foundation.jobs.operations import enqueue
from supports.models import Submission, Upload, first_id

# From here on the rows of an upload are read in the order in which they lie: by its key, page after page is read again
# and again, because they were stored in the order of their NIKs.
MANY = 100_000


def queue_match(upload: Upload) -> None:
    """Rows came: their NIKs are matched against the other pairs of the election."""
    election = upload.submission.pair.election_id
    enqueue("supports.match_pairs", lane=f"election:{election}", subject_id=upload.pk, by=None)


def queue_recheck(submission: Submission) -> None:
    """Rows went: what was matched in the election is looked at again."""
    election = submission.pair.election_id
    enqueue("supports.recheck_pair_matches", lane=f"election:{election}", subject_id=election, by=None)


def match_upload(upload: Upload) -> None:
    """Write down which people of the upload other pairs gave too; running it again changes nothing."""
    submission = upload.submission
    rounds = rounds_of(submission.pair.election_id)
    own = [pk for pk, pair in rounds.items() if pair == submission.pair_id]
    others = {pk: pair for pk, pair in rounds.items() if pair != submission.pair_id}
    if not own or not others:
        return
    sql.make_room()
    if upload.rows >= MANY:
        sql.execute("SET LOCAL enable_indexscan = off")
    sql.run(
        "supports/match_pairs",
        election=submission.pair.election_id,
        rounds=own,
        first=first_id(upload.pk),
        last=first_id(upload.pk + 1),
        others=list(others),
        pairs=list(others.values()),
    )
    sql.run("supports/count_pair_matches", election=submission.pair.election_id)


def recheck_election(election_id: int) -> None:
    """Take away the matches of an election that no longer are."""
    rounds = rounds_of(election_id)
    sql.make_room()
    sql.run(
        "supports/recheck_pair_matches",
        election=election_id,
        rounds=list(rounds),
        pairs=list(rounds.values()),
    )
    sql.run("supports/count_pair_matches", election=election_id)


def rounds_of(election_id: int) -> dict[int, int]:
    """Round → pair, of the pairs that still stand; the pool is not given yet."""
    rounds = Submission.objects.filter(pair__election=election_id, kind=Submission.Kind.ROUND)
    standing = rounds.exclude(pair__status=Pair.machine.move("withdraw").target)
    return dict(standing.values_list("pk", "pair_id"))
