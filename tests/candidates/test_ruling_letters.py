"""What two people approve is a document and every term of it: another document, or another term, is not approved."""

import pytest

from candidates.models import Ruling, Window
from candidates.operations import approve_ruling, open_by_ruling, withdraw_ruling
from candidates.queries import key_scope
from candidates.ruling_letters import attach_letter, digest_of, refuse_ruling
from foundation.accounts.matrix import Role
from foundation.attachments.models import Attachment
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from tests.candidates.making import approve, make_letter, make_ruling
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.django_db


def kpu_ri():
    return somebody(Role.KPU_RI)


def another_letter(ruling, title="Salinan lain"):
    return make_letter(key_scope(ruling.pair.election), title)


def code_of(call, *args, **more):
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value.code


def test_without_its_document_nobody_approves_it():
    ruling = make_ruling(letter=None)
    digest = digest_of(ruling)
    assert code_of(approve_ruling, ruling, by=kpu_ri(), digest=digest) == "letter_missing"
    attach_letter(ruling, by=None, letter=another_letter(ruling))
    # What was read before the document was there is not what stands there now.
    assert code_of(approve_ruling, ruling, by=kpu_ri(), digest=digest) == "ruling_changed"
    assert approve(ruling, by=kpu_ri()).first_approved_by


def test_another_document_needs_both_approvals_again():
    ruling = make_ruling()
    read = digest_of(ruling)
    for _ in range(2):
        approve(ruling, by=kpu_ri())
    old = ruling.attachment_id
    attach_letter(ruling, by=somebody(Role.KPU_REGENCY), letter=another_letter(ruling))
    assert (ruling.approved, ruling.first_approved_by, ruling.approved_digest) == (False, None, "")
    assert code_of(open_by_ruling, ruling, by=None) == "ruling_not_approved"
    assert code_of(approve_ruling, ruling, by=kpu_ri(), digest=read) == "ruling_changed"
    assert not Attachment.objects.filter(pk=old).exists()
    event = Event.objects.get(name="ruling_document_attached")
    assert (event.data["approvals_void"], event.data["sha256"]) == (2, ruling.attachment.stored_file.sha256)
    for _ in range(2):
        approve(ruling, by=kpu_ri())
    assert len(open_by_ruling(ruling, by=None)) == 2


def test_terms_changed_behind_the_approvals_are_not_opened():
    ruling = make_ruling()
    for _ in range(2):
        approve(ruling, by=kpu_ri())
    Ruling.objects.filter(pk=ruling.pk).update(hours=700)
    assert code_of(open_by_ruling, ruling, by=None) == "ruling_changed"
    assert not Window.objects.exists()


def test_the_same_document_again_changes_nothing():
    ruling = make_ruling()
    approve(ruling, by=kpu_ri())
    assert (
        code_of(attach_letter, ruling, by=None, letter=another_letter(ruling, "Salinan putusan"))
        == "same_document"
    )
    ruling.refresh_from_db()
    assert ruling.first_approved_by


def test_who_attached_the_document_does_not_approve_it():
    ruling, person = make_ruling(letter=None), kpu_ri()
    attach_letter(ruling, by=person, letter=another_letter(ruling))
    assert code_of(approve, ruling, by=person) == "approved_by_the_proposer"


def test_what_is_opened_or_withdrawn_keeps_its_document():
    opened, withdrawn = make_ruling(), make_ruling(document="2/2024")
    for _ in range(2):
        approve(opened, by=kpu_ri())
    open_by_ruling(opened, by=None)
    withdraw_ruling(withdrawn, by=kpu_ri(), reason="Salah pasangan")
    for ruling in (opened, withdrawn):
        with pytest.raises(Conflict):
            attach_letter(ruling, by=None, letter=another_letter(ruling))


def test_kpu_ri_refuses_a_proposal_with_its_reason():
    ruling = make_ruling()
    approve(ruling, by=kpu_ri())
    assert code_of(refuse_ruling, ruling, by=kpu_ri(), reason=" ") == "reason_missing"
    for role in (Role.KPU_PROVINCE, Role.KPU_REGENCY, Role.BAWASLU):
        with pytest.raises(NotAllowed):
            refuse_ruling(ruling, by=somebody(role), reason="Tidak")
    refused = refuse_ruling(ruling, by=kpu_ri(), reason="Amar  tidak menyebut pasangan ini")
    assert (refused.refused, refused.withdrawn_reason) == (True, "Amar tidak menyebut pasangan ini")
    assert code_of(approve, ruling, by=kpu_ri()) == "ruling_withdrawn"
    assert code_of(refuse_ruling, ruling, by=kpu_ri(), reason="lagi") == "ruling_withdrawn"


def test_what_two_have_approved_is_not_refused_any_more():
    ruling = make_ruling()
    for _ in range(2):
        approve(ruling, by=kpu_ri())
    assert code_of(refuse_ruling, ruling, by=kpu_ri(), reason="Terlambat") == "ruling_already_approved"
