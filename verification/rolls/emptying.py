"""The rows of a removed list go in parts, each committed: nothing waits for tens of millions of them."""

from foundation import seal, sql
from foundation.jobs.runner import Run
from verification.rolls.models import Roll

PARTS = 64


def empty(run: Run, roll: Roll) -> int:
    """Erase its entries; whoever takes the job over goes on with those that are left."""
    gone = 0
    span = {"election": roll.election_id, "roll": roll.pk}
    for first, last in seal.spans(PARTS):
        run.progress("removing", gone, roll.entries)
        with run.part():
            gone += sql.run("rolls/erase_entries", first_nik=first.hex, last_nik=last.hex, **span)
    return gone
