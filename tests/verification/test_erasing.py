"""Notes that people wrote about rows go when the identities of their election are destroyed, and not before."""

import pytest
from django.db import IntegrityError, transaction

from supports.listing import Filter
from tests import factories
from tests.supports.handing_in.teams import ENOUGH, round_of
from tests.supports.retention.making import LONG_AGO, destroyed, two_of_kpu_ri
from tests.verification.rounds import in_review, standings, verifier
from verification.bulk import preview_bulk, propose_bulk
from verification.dealing import deal_rows
from verification.deciding import decide
from verification.erasing import erase_notes
from verification.models import Bulk, Decision

pytestmark = pytest.mark.usefixtures("committed")
NOTE = "Budi Contoh, Jl. Contoh 3"


def decided(**more):
    """A round with a note about a row, and one of a bulk decision."""
    team, office, review = in_review(ENOUGH, rule_set="pkpu8-2024", **more)
    person = verifier()
    deal_rows(review, by=office, people=[person])
    row, *_rest = standings(round_of(team))
    decide(row, by=person, status="TMS", reasons=["KTP_MISSING"], note=NOTE)
    wanted = Filter(area=6474)
    told = {"status": "TMS", "reasons": ["KTP_MISSING"], "note": NOTE}
    propose_bulk(review, wanted, by=office, token=preview_bulk(round_of(team), wanted).token, **told)
    factories.work()  # nothing is destroyed while work waits
    return team


def test_notes_go_with_the_identities_and_decisions_stay():
    team = decided(voting_day=LONG_AGO)
    destroyed(team[0].election, two_of_kpu_ri())
    kept = Decision.objects.get()
    assert (kept.note, kept.after, kept.reasons) == ("", "TMS", [3])
    assert (Bulk.objects.get().note, Bulk.objects.get().rows) == ("", 3)


def test_notes_of_another_election_stay():
    team = decided(voting_day=LONG_AGO)
    other = factories.pair(factories.election(name="Lain", voting_day=LONG_AGO), name="Lain – Lagi")
    operator = factories.operator(other, "operator-lain")
    factories.loaded(other, operator, ENOUGH)
    destroyed(other.election, two_of_kpu_ri())
    assert Decision.objects.get().note == NOTE
    assert round_of(team).review.bulks.get().note == NOTE


def test_the_database_erases_nothing_while_the_keys_are_there():
    team = decided()
    with pytest.raises(IntegrityError, match="are not destroyed"), transaction.atomic():
        erase_notes(team[0].election)
    assert Decision.objects.get().note == NOTE
