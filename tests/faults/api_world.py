"""One thing in every state that a call of the API may ask for, made by the real operations."""

from datetime import timedelta
from types import SimpleNamespace

from candidates.extensions import approve_extensions, propose_extensions, steps_left
from candidates.mandates.codes import code_of
from candidates.models import Outage
from candidates.operations import open_window
from candidates.outages import record_outage
from candidates.queries import key_scope, now
from foundation.accounts.activation import invite
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import Assignment, User
from foundation.accounts.operations import assign_role
from foundation.accounts.second_factor import codes_of, set_up
from foundation.accounts.tokens import make_token, number_of
from supports.bulk_removal import preview_removal, request_removal
from supports.handing_in.receipts import receipt_of
from supports.incoming import declare_file, take_piece
from supports.listing import Filter
from supports.models import Submission, Support
from supports.papers.bundles import request_bundle
from supports.papers.scans import send_scan
from supports.privacy.operations import take_request
from supports.receiving.operations import Counted, receive_round
from supports.retention.operations import propose_destruction
from supports.rules import COMMISSION
from supports.scans.models import Scan
from supports.typed.typists import add_typist
from tests import factories
from tests.candidates.making import approve, make_election, make_letter, make_ruling
from tests.candidates.mandates import filing
from tests.faults.review_world import review_states
from tests.foundation.accounts.people import long_ago
from tests.foundation.accounts.two_steps import SECRET, app_code
from tests.supports.handing_in.teams import ENOUGH, handed_in, ready_team
from tests.supports.help_desk.asking import answered, asked
from tests.supports.privacy.asking import filed, fulfilled
from tests.supports.recommendations.test_pages import recommend
from tests.supports.retention.making import LONG_AGO, destroyed, digest
from tests.supports.scans import papers as scans
from tests.verification.rolls import lists

REGION = 6474
EMAIL = "petugas@contoh.test"


def make_world():
    """Who is there, and ``ids``: by what an address calls it, a round being filled, one handed in, one of the rest."""
    pair, operator = ready_team()
    people = {
        "operator": operator,
        "kpu": factories.user("kpu", Role.KPU_REGENCY, REGION),
        "kpu-ri": factories.user("kpu-ri", Role.KPU_RI),
        "bawaslu": factories.user("bawaslu", Role.BAWASLU, REGION),
    }
    draft = Submission.objects.select_related("pair__election__rule_set", "rule_set").get(pair=pair)
    world = SimpleNamespace(pair=pair, election=pair.election, draft=draft, people=people)
    support = Support.objects.filter(submission=draft).earliest("id")
    world.ids = {
        "pair": pair.pk,
        "election": pair.election_id,
        "support": support.pk,
        "upload": support.pk >> 24,
        "submission": _handed_in(world, "Bayu Umpama – Kirana Andaikan").pk,
        "file": _declared(world, 1_000).pk,
        "form": "number",
        "mandate": filing.submit(pair.election).pk,
        "ruling": make_ruling(pair).pk,
        "window": pair.election.windows.latest("id").pk,
        "outage": _outage(world),
        "recommendation": recommend(pair, people["bawaslu"]).pk,
        "thread": asked(pair, operator, document=filing.document(pair.election)).pk,
        "data_request": filed(pair.election, ENOUGH[0])[0].pk,
        "assignment": Assignment.objects.get(user=people["kpu"]).pk,
        "user": add_typist(pair, email="juru@contoh.test", name="Juru Contoh", by=operator).pk,
        **_later_states(world),
    }
    return world


def _later_states(world):
    """The same things after a step or two, and what only a step brings about."""
    pair, operator = world.pair, world.people["operator"]
    return {
        "copies": factories.loaded(pair, operator, [*ENOUGH, factories.person(5)], "salinan.csv").pk,
        "failed": factories.loaded(pair, operator, b"\x00" * 64, "rusak.xlsx").pk,
        "unmapped": factories.loaded(pair, operator, b"a;b\n1;2\n", "asing.csv").pk,
        "scan": _scan(world),
        **_support_scans(world),
        "bundle": _bundle(world),
        "job": _removal(world),
        "approved_ruling": _approved_ruling(world),
        "approved_mandate": _approved_mandate(world),
        "coming_window": _coming_window(world),
        "practice": make_election(name="Latihan 2024", practice=True).pk,
        "ended_outage": _outage(world, began=5, ended=2),
        **_extensions(world),
        "invited": _invited(),
        **_asked_about_own_data(world),
        "accepted": _received(world, "Citra Misal – Darma Contoh", "accepted"),
        "returned": _received(world, "Eka Andai – Fajar Umpama", "returned"),
        "answered_thread": answered(asked(pair, operator), by=world.people["kpu"]).pk,
        **_ended(world),
        **review_states(world),
        "code": code_of(filing.submit(world.election, head="Gita Andai")),
        "token": number_of(make_token(operator, name="Program", scope="read", days=3)[0]),
        "otp": _recovery_code(operator),
        "whole": _whole_file(world),
        **_voter_lists(world),
        # The last: a job that was carried could not be cancelled.
        "loading": factories.upload(pair, operator, [factories.person(9)], "lain.csv").pk,
    }


def _voter_lists(world):
    """A list that was loaded, and one of which nothing came so far."""
    office = world.people["kpu"]
    roll = lists.loaded(world.election, office, [lists.voter(1), lists.voter(2)])
    declared = declare_file(world.election, by=office, name="dp4.csv", size=1_000, target="dp4")
    return {"roll": roll.pk, "roll_file": declared.pk}


def _asked_about_own_data(world):
    """Requests that are being handled or were granted, and the secret of a link."""
    office = world.people["kpu"]
    taken, _secret = filed(world.election, ENOUGH[1])
    take_request(taken, by=office)
    restricting, _secret = fulfilled(world.election, ENOUGH[2], "restriction", by=office)
    _granted, key = fulfilled(world.election, ENOUGH[1], "access", by=office)
    return {"taken_request": taken.pk, "restricting": restricting.pk, "own_key": key}


def _ended(world):
    """Elections whose term is over: one free, one whose destruction waits for approval, and one that is destroyed."""
    other, own = factories.user("kpu-ri-lain", Role.KPU_RI), world.people["kpu-ri"]
    names = ("Pemilihan Usai", "Pemilihan Diusulkan", "Pemilihan Dimusnahkan")
    free, waiting, gone = (make_election(name=name, voting_day=LONG_AGO) for name in names)
    proposed = propose_destruction(waiting, by=other, digest=digest(waiting))
    done = destroyed(gone, (other, own))
    return {"ended_election": free.pk, "destruction": proposed.pk, "certificate": done.certificate.pk}


def _handed_in(world, name):
    """The round of another pair of the same operator, handed in."""
    other, operator = factories.pair(world.election, name=name), world.people["operator"]
    assign_role(operator, Role.OPERATOR, scope_kind=ScopeKind.PAIR, scope_id=other.pk, by=None)
    factories.loaded(other, operator, ENOUGH)
    handed_in((other, operator))
    return Submission.objects.get(pair=other, kind="round")


def _received(world, name, decision):
    """A round that the office has decided about."""
    submission = _handed_in(world, name)
    receipt = receipt_of(submission)
    areas = [Counted(one["code"], one["rows"], one["rows"]) for one in receipt.body["by_area"]]
    told = {"minutes_number": "BA-1", "areas": areas, "reasons": "Surat pengantar belum ditandatangani."}
    receive_round(receipt, by=world.people["kpu"], decision=decision, **told)
    return submission.pk


def _declared(world, size):
    """A file of which nothing came so far."""
    return declare_file(world.pair, by=world.people["operator"], name="data.csv", size=size)


def _support_scans(world):
    """A batch with a scan of somebody and one of nobody known."""
    files = {f"{ENOUGH[0]['nik']}.jpg": scans.scan("satu"), "foto.jpg": scans.scan("dua")}
    batch = scans.taken(world.pair, world.people["operator"], files)
    held, waiting = Scan.objects.filter(batch=batch).order_by("id")
    manifest = scans.listed(world.pair, world.people["operator"], b"berkas,nik\nIMG1.jpg,12\n")
    return {
        "batch": batch.pk, "support_scan": held.pk, "waiting_scan": waiting.pk, "manifest": manifest.pk,
    }  # fmt: skip


def _whole_file(world):
    """A file whose pieces all came, and which is no upload so far."""
    content = factories.as_csv([factories.person(11)])
    incoming = _declared(world, len(content))
    pieces = iter([content, b""])
    take_piece(incoming, lambda _size: next(pieces), offset=0, length=len(content))
    return incoming.pk


def _outage(world, *, began=0, ended=None):
    """An outage that began and ended so many hours ago, or goes on."""
    told = {"affected": "Unggah", "description": "Contoh", "election_ids": [world.election.pk]}
    if ended:
        told["ended_at"] = now() - timedelta(hours=ended)
    return record_outage(by=world.people["kpu"], began_at=now() - timedelta(hours=began), **told).pk


def _coming_window(world):
    moment = now()
    span = {"opens_at": moment + timedelta(days=60), "closes_at": moment + timedelta(days=65)}
    return open_window(world.election, by=None, stage="perbaikan_1", kind="filling", **span).pk


def _approved_ruling(world):
    ruling = make_ruling(world.pair, document="003/PS.REG/64.6474/V/2024")
    for user in (world.people["kpu-ri"], factories.user("kpu-ri-2", Role.KPU_RI)):
        ruling = approve(ruling, by=user)
    return ruling.pk


def _extensions(world):
    """An outage whose rulings wait for KPU RI, and one whose rulings two people of it have approved."""
    first, second = (_outage(world, began=5, ended=3) for _ in range(2))
    for pk in (first, second):
        outage, letter = Outage.objects.get(pk=pk), make_letter(key_scope(world.election), f"Gangguan {pk}")
        propose_extensions(outage, by=None, document=f"{pk}/2024", letter=letter)
    for name in ("kpu-ri", "kpu-ri-2"):
        user = User.objects.get(username=name)
        approve_extensions(outage, by=user, digest=steps_left(outage, user).digest)
    waiting = steps_left(Outage.objects.get(pk=first), world.people["kpu-ri"])
    opened = len(steps_left(outage, world.people["kpu"]).open)
    return {
        "proposed_outage": first,
        "read": waiting.digest,
        "approved_outage": second,
        "approved_rulings": opened,
    }


def _approved_mandate(world):
    lo = filing.Named("Hana Contoh", "hana@contoh.test", "0812-0000-0009")
    operators = (filing.Named("Indra Contoh", "indra@contoh.test"),)
    names = {"head": "Joko Andai", "deputy": "Kartika Misal"}
    return filing.approved(world.election, by=world.people["kpu"], lo=lo, operators=operators, **names).pk


def _invited():
    """The role of somebody who has not followed the link so far."""
    who = {"email": EMAIL, "name": "Lina Contoh", "role": Role.PPK}
    user = invite(**who, scope_kind=ScopeKind.REGION, scope_id=647401, by=None)
    long_ago()
    return Assignment.objects.get(user=user).pk


def _recovery_code(user):
    """The second step with an app; a code that opens once."""
    set_up(user, secret=SECRET, code=app_code(SECRET), moves=True)
    return codes_of(user)[0]


def _scan(world):
    document = filing.document(world.election)
    return send_scan(world.draft, "number", by=world.people["operator"], document=document).pk


def _bundle(world):
    bundle = request_bundle(world.draft, by=world.people["operator"])
    factories.work()
    return bundle.pk


def _removal(world):
    """The job of a removal that was carried out."""
    wanted = Filter(finding="SEX_UNREADABLE", audience=COMMISSION)
    looked = preview_removal(world.draft, wanted)
    asked = {"count": looked.count, "token": looked.token}
    job = request_removal(world.draft, wanted, by=world.people["operator"], **asked)
    factories.work()
    return job.pk
