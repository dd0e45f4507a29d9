"""The demo with something on every page: a round handed in, a ruling, an outage, a mandate, an announcement."""

from datetime import timedelta

from django.conf import settings

from candidates.announcements import announce
from candidates.mandates.codes import code_of
from candidates.models import Election, Pair
from candidates.outages import record_outage
from candidates.queries import now
from foundation.accounts.links import Purpose, make_link
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import Assignment, User
from foundation.accounts.operations import assign_role
from foundation.accounts.second_factor import codes_of, set_up
from supports.bulk_removal import preview_removal, request_removal
from supports.handing_in.operations import hand_in
from supports.help_desk import operations as help_desk
from supports.help_desk.answers import Said, publish_answer
from supports.help_desk.citizens import ask_as_citizen
from supports.help_desk.links import make_link as make_help_link
from supports.listing import Filter
from supports.models import Finding, Receipt, Submission, Upload
from supports.privacy.operations import take_request
from supports.receiving.operations import Counted, receive_round
from supports.rules import TEAM
from supports.scans.models import ScanBatch, ScanManifest, first_scan_id
from tests import factories
from tests.candidates.making import approve, make_election, make_ruling
from tests.candidates.mandates.filing import submit
from tests.foundation.accounts.two_steps import SECRET, app_code
from tests.stack import wait_until
from tests.supports.help_desk.asking import answered, asked
from tests.supports.privacy.asking import filed
from tests.supports.recommendations.test_pages import recommend
from tests.supports.repairs.teams import decide, open_perbaikan
from tests.supports.scans import papers
from tests.verification.rolls import lists
from verification.dealing import deal_rows, open_review
from verification.duplicates.models import Group
from verification.results.closing import close_round

# A decree so low that the demo's files are enough.
ENOUGH = {"override_minimum": 100, "override_spread": 1, "override_decree": "Keputusan peragaan"}


def arrange(site):
    """What stands in braces in ``tests.e2e.pages``. The site's own worker carries the handing-in."""
    Election.objects.update(**ENOUGH)
    election = Election.objects.get()
    first, second = Pair.objects.order_by("pk")
    hand_in(second, by=User.objects.get(username="operator2"))
    mandate = submit(election, head="Sekar Umpama", deputy="Galih Misalnya")
    known = {
        "election": election.pk,
        "pair": first.pk,
        "handed": second.pk,
        "upload": Upload.objects.get(submission__pair=first).pk,
        "support": _support_with_findings(first),
        "removal": _removal(first),
        "window": election.windows.order_by("pk").first().pk,
        "ruling": _approved_ruling(first).pk,
        "outage": _outages(election),
        "assignment": Assignment.objects.get(user__username="verifikator").pk,
        "recommendation": recommend(first, User.objects.get(username="bawaslu")).pk,
        "mandate": mandate.pk,
        "code": code_of(mandate),
        "announcement": _announced(),
        "thread": _asked(first),
        "question": _question(election),
        **_answer(),
        **_scans(first),
        **_asked_about_own_data(election),
        "practice": make_election(name="Latihan operator 2024", practice=True).pk,
        **_links(),
    }
    site.wait_until_idle()
    receipt = Receipt.objects.get()
    reviewed = in_review(site, election)
    site.wait_until_idle()
    group = Group.objects.get(submission=reviewed, kind=Group.Kind.NIK)
    known |= {"receipt": receipt.pk, "reviewed": reviewed, "group": group.pk}
    voter_lists(site, election)
    return known | in_perbaikan(site, election)


def _scans(pair):
    """A batch with a scan that nobody knows whose it is, and a file that is none. The site's own worker takes it."""
    files = {"foto.jpg": papers.scan(), "catatan.docx": b"bukan pindaian"}
    batch = papers.received(pair, User.objects.get(username="operator"), files)
    wait_until(lambda: ScanBatch.objects.get(pk=batch.pk).finished_at)
    manifest = papers.listed(pair, User.objects.get(username="operator"), b"berkas;nik\nIMG1.jpg;12\n")
    wait_until(lambda: ScanManifest.objects.get(pk=manifest.pk).finished_at)
    return {
        "scan_batch": batch.pk, "waiting_scan": first_scan_id(batch.pk), "scan_manifest": manifest.pk,
    }  # fmt: skip


def in_review(site, election):
    """A round whose rows are dealt to the demo's verifier, the first one with another of the same NIK: its id.

    The first three have scans: a statement of two pages, and a card.
    """
    pair = factories.pair(election, "Dewi Umpama – Surya Contoh")
    rows = [factories.person(at) for at in range(200, 310)]
    rows += [rows[0] | {"address": "Jl. Lain 5"}, factories.person(320, birth_date="01-01-2020")]
    operator = factories.operator(pair, "operator-3")
    factories.upload(pair, operator, rows, "dukungan_dewi.csv")
    site.wait_until_idle()
    papers.received(pair, operator, _documents(rows[:3]))
    site.wait_until_idle()
    hand_in(pair, by=operator)
    site.wait_until_idle()
    office = User.objects.get(username="kpu")
    receipt = Receipt.objects.get(hand_in__submission__pair=pair)
    areas = [Counted(one["code"], one["rows"], one["rows"]) for one in receipt.body["by_area"]]
    receive_round(receipt, by=office, decision="accepted", minutes_number="BA-3/2024", areas=areas)
    submission = Submission.objects.get(pair=pair, kind=Submission.Kind.ROUND)
    deal_rows(
        open_review(submission, by=office), by=office, people=[User.objects.get(username="verifikator")]
    )
    return submission.pk


def in_perbaikan(site, election):
    """A pair whose first round left it short, with its result and the BMS list to be mended."""
    pair = factories.pair(election, "Intan Misalnya – Jaka Umpama")
    operator = User.objects.get(username="lo")
    assign_role(operator, Role.OPERATOR, scope_kind=ScopeKind.PAIR, scope_id=pair.pk, by=None)
    rows = [factories.person(at) for at in range(400, 520)]
    factories.upload(pair, operator, rows, "dukungan_intan.csv")
    site.wait_until_idle()
    hand_in(pair, by=operator)
    site.wait_until_idle()
    office, submission = User.objects.get(username="kpu"), Submission.objects.get(pair=pair)
    receipt = Receipt.objects.get(hand_in__submission=submission)
    areas = [Counted(one["code"], one["rows"], one["rows"]) for one in receipt.body["by_area"]]
    receive_round(receipt, by=office, decision="accepted", minutes_number="BA-4/2024", areas=areas)
    submission.refresh_from_db()
    review = open_review(submission, by=office)
    decide(submission, ["MS"] * 80 + ["BMS"] * 30 + ["TMS"] * 10)
    close_round(review, by=office)
    open_perbaikan(election)
    return {"mending": pair.pk, "closed": submission.pk}


def _documents(rows):
    files = {f"{row['nik']}_b1.pdf": papers.pdf(f"{row['name']} 1", f"{row['name']} 2") for row in rows}
    return files | {
        f"{row['nik']}_ktp.jpg": papers.scan(row["name"], size=(1012, 638), lines=12) for row in rows
    }


def voter_lists(site, election):
    """A DPT in which some rows in verification are and some otherwise, and one that could not be loaded."""
    office = User.objects.get(username="kpu")
    voters = [lists.voter(at) for at in range(200, 300)]
    lists.received(
        election, office, [lists.voter(200, name="ORANG LAIN"), *voters[1:], lists.voter(1, nik="")]
    )
    lists.received(election, office, b"NO;NAMA;KECAMATAN\n1;Budi;Bontang\n", "dp4", "tanpa-nik.csv")
    site.wait_until_idle()


def _support_with_findings(pair):
    found = Finding.objects.filter(submission__pair=pair, submission__kind=Submission.Kind.ROUND)
    return found.order_by("code", "support_id").first().support_id


def _removal(pair):
    """The job that removes the rows of one finding."""
    submission = Submission.objects.select_related("pair__election__rule_set", "rule_set").get(
        pair=pair, kind=Submission.Kind.ROUND
    )
    wanted = Filter(finding="NAME_MISSING", audience=TEAM)
    looked = preview_removal(submission, wanted)
    by = User.objects.get(username="operator")
    return request_removal(submission, wanted, by=by, count=looked.count, token=looked.token).pk


def _approved_ruling(pair):
    ruling = make_ruling(pair)
    for user in (User.objects.get(username="kpu-ri"), factories.user("kpu-ri-2", Role.KPU_RI)):
        ruling = approve(ruling, by=user)
    make_ruling(pair, document="002/PS.REG/64.6474/V/2024")
    return ruling


def _outages(election):
    """One that lasts, above the pair's pages, and one that ended, which takes decisions: its id."""
    told = {"affected": "Pengunggahan berkas dukungan", "description": "Basis data penuh."}
    record_outage(by=None, election_ids=[election.pk], **told)
    span = {"began_at": now() - timedelta(hours=5), "ended_at": now() - timedelta(hours=2)}
    return record_outage(by=None, election_ids=[election.pk], **told, **span).pk


def with_an_app(pair_id):
    """An operator of the pair who logs in in two steps: name, password and the recovery codes."""
    user = factories.user("berkode", Role.OPERATOR, Pair.objects.get(pk=pair_id))
    set_up(user, secret=SECRET, code=app_code(SECRET), moves=True)
    return user.username, settings.DEMO_PASSWORD, codes_of(user)


def _links():
    """What two letters brought: to somebody who is invited, and to somebody who forgot the password."""
    invited = User.objects.create(username="diundang", name="Sekar Umpama", email="sekar@contoh.test")
    forgetful = User.objects.get(username="lo")
    return {
        "activation": make_link(invited, Purpose.ACTIVATION, by=None),
        "password": make_link(forgetful, Purpose.PASSWORD, by=None),
    }


def _asked(pair):
    """One that KPU has answered and that its asker wrote to again: both sides can write."""
    operator, officer = (User.objects.get(username=name) for name in ("operator", "kpu"))
    upload = Upload.objects.filter(submission__pair=pair).first()
    thread = asked(pair, operator, kind="upload", thing=upload.pk)
    answered(thread, by=officer)
    help_desk.write(thread, by=operator, text="Masih berhenti di 40 %.")
    return thread.pk


def _question(election):
    """What a letter brought to a citizen."""
    thread = ask_as_citizen(
        name="Galih Misalnya", email="galih@contoh.test", subject="Kapan?", text="Kapan?", election=election
    )
    return make_help_link(thread)


def _answer():
    """One of KPU's own, which it may change."""
    said = Said("Jam berapa loket dibuka?", "Setiap hari.\n\n- [Jadwal](/jadwal/)", "handing_in")
    made = publish_answer(said, by=User.objects.get(username="kpu"))
    return {"answer": made.slug, "answer_id": made.pk}


def _asked_about_own_data(election):
    """A request that is being handled, and the secret of its link."""
    request, secret = filed(election, factories.person(1), "correction", told="Alamat saya salah.")
    take_request(request, by=User.objects.get(username="kpu"))
    return {"data_request": request.pk, "own_data": secret}


def _announced():
    by = User.objects.get(username="kpu-ri")
    text = "Ruang layanan buka sampai pukul 23.59 pada hari terakhir."
    return announce(by=by, title="Jam layanan hari terakhir", text=text, audience="territory").pk
