"""Single rows: the same checks, tables and counts as a file."""

import pytest
from django.http import Http404

from foundation.errors import Refused
from foundation.workflow.models import Event
from supports.listing import row_of
from supports.models import Finding, Standing, Support
from supports.opening import open_row
from supports.progress import progress
from supports.rows import StaleRow, add_supports, edit_support, remove_support
from supports.rules import TEAM
from supports.standards import standards_of
from tests import factories

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


def codes(added):
    return [[rule.code for rule in one.findings] for one in added]


def the(added):
    return Support.objects.select_related("submission__pair__election__rule_set").get(pk=added.id)


def test_a_typed_row_is_checked_and_counted(pair, operator):
    added = add_supports(pair, by=operator, rows=[factories.person(1), factories.person(2, nik="123")])
    assert codes(added) == [[], ["NIK_LENGTH"]]
    now = progress(pair)
    assert (now.submitted, now.clean, now.findings) == (2, 1, {"NIK_LENGTH": 1})


def test_a_request_repeated_under_its_key_adds_nothing(pair, operator):
    first = add_supports(pair, by=operator, rows=[factories.person(1)], idempotency_key="k")
    again = add_supports(pair, by=operator, rows=[factories.person(1)], idempotency_key="k")
    assert [one.id for one in first] == [one.id for one in again]
    assert progress(pair).submitted == 1


def test_a_typed_copy_of_a_row_of_a_file_is_found(pair, operator):
    factories.loaded(pair, operator, [factories.person(1)])
    added = add_supports(pair, by=operator, rows=[factories.person(1), factories.person(1, name="Nama Lain")])
    assert codes(added) == [["DUPLICATE_IDENTICAL"], ["DUPLICATE_NIK"]]
    assert progress(pair).clean == 1


def test_what_was_typed_comes_back_when_opened(pair, operator):
    row = factories.person(3, email="a@contoh.test", birth_date="31-02-1990")
    added = the(add_supports(pair, by=operator, rows=[row])[0])
    opened = open_row(added, standards_of(added.submission).keys())
    wanted = {
        "nik": row["nik"],
        "address": row["address"],
        "email": row["email"],
        "birth_date": "31-02-1990",
        "rt": "1",
    }
    assert {name: opened[name] for name in wanted} == wanted


def test_an_edit_is_checked_anew_and_frees_the_copies(pair, operator):
    first, second = add_supports(pair, by=operator, rows=[factories.person(1), factories.person(1)])
    assert progress(pair).findings == {"DUPLICATE_IDENTICAL": 1}
    edited = edit_support(the(first), by=operator, changes={"nik": factories.person(9)["nik"]}, revision=0)
    assert edited.revision == 1
    found = progress(pair)
    assert (found.clean, found.findings) == (2, {"NIK_BIRTH_DATE": 1})
    assert Standing.objects.get(support_id=second.id).clean


def test_an_edit_of_what_somebody_changed_is_refused(pair, operator):
    (added,) = add_supports(pair, by=operator, rows=[factories.person(1)])
    row = the(added)
    edit_support(row, by=operator, changes={"name": "Nama Baru"}, revision=0)
    with pytest.raises(StaleRow):
        edit_support(row, by=operator, changes={"name": "Nama Lain"}, revision=0)
    assert the(added).name == "Nama Baru"


def test_a_removed_row_leaves_nothing_and_its_copy_counts(pair, operator):
    first, second = add_supports(pair, by=operator, rows=[factories.person(1), factories.person(1)])
    remove_support(the(first), by=operator, revision=0)
    assert list(Support.objects.values_list("pk", flat=True)) == [second.id]
    assert (Finding.objects.count(), progress(pair).clean) == (0, 1)


def test_a_row_that_goes_while_it_is_being_shown_is_not_found(pair, operator):
    (added,) = add_supports(pair, by=operator, rows=[factories.person(1)])
    submission = the(added).submission
    assert row_of(added.id, submission, TEAM).id == added.id
    remove_support(the(added), by=operator, revision=0)
    with pytest.raises(Http404):
        row_of(added.id, submission, TEAM)


def test_unknown_fields_and_too_many_rows_are_refused(pair, operator):
    with pytest.raises(Refused) as unknown:
        add_supports(pair, by=operator, rows=[{"nama": "x"}])
    with pytest.raises(Refused) as many:
        add_supports(pair, by=operator, rows=[factories.person(1)] * 1001)
    assert (unknown.value.code, many.value.code) == ("field_unknown", "rows_number")


def test_every_change_is_an_event_without_an_identity(pair, operator):
    (added,) = add_supports(pair, by=operator, rows=[factories.person(1)])
    edit_support(the(added), by=operator, changes={"name": "Nama Baru"}, revision=0)
    remove_support(the(added), by=operator, revision=1)
    events = Event.objects.filter(by_id=operator.pk).order_by("id")
    assert [event.name for event in events] == ["supports_added", "support_edited", "support_removed"]
    assert factories.person(1)["nik"] not in str([event.data for event in events])
