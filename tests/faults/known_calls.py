"""What a call of the API needs to succeed, where input made from its description alone is always refused.

Of each: parts of the address that name another thing of ``tests.faults.api_world``, the query, headers, and the body.
"""

import base64
from datetime import timedelta

from candidates.models import Election, Ruling
from candidates.queries import now
from candidates.ruling_letters import digest_of
from supports.handing_in.receipts import receipt_of
from supports.listing import row_of
from supports.models import Submission, Support
from supports.retention.models import Destruction
from supports.rules import COMMISSION
from tests import documents, factories
from tests.candidates.mandates import filing
from tests.supports.retention.making import digest

FORM, PIECE, JSON = "multipart/form-data", "application/offset+octet-stream", "application/json"
DECREE, PASSWORD = "Keputusan Nomor 7 Tahun 2024", "silon-demo"
API = "/api/v1/"


def known_calls(world):
    """By the call's label, what lets it succeed."""
    ids = world.ids
    parts = (_accounts(ids), _elections(world), _schedules(ids), _outages(ids), _mandates(ids), _files(ids))
    more = (_uploads(ids), _rows(ids), _papers(ids), _pairs(ids), _rounds(ids), _help(ids), _scans(ids))
    more += (_own_data(ids), _retention(ids), _reviews(world), _decisions(ids), _groups(ids), _rolls(ids))
    known = {}
    for part in (*parts, *more):
        known |= {_label(name): values for name, values in part.items()}
    return known


def _label(name):
    method, _space, path = name.partition(" ")
    return f"{method} {API}{path}"


def known(*, at=None, query=None, headers=None, body=None, kind=JSON):
    """The parts of one call; ``at`` are those of its address."""
    return {"at": at or {}, "query": query or {}, "headers": headers or {}, "body": body, "kind": kind}


def _in_days(days):
    return (now() + timedelta(days=days)).isoformat()


def _accounts(ids):
    owner = {"password": PASSWORD, "otp": ids["otp"]}
    return {
        "POST auth/login/": known(body=owner | {"username": "operator"}),
        "POST me/tokens/": known(body=owner | {"name": "Program", "scope": "read", "days": 7}),
        "DELETE me/tokens/{number}/": known(at={"number": ids["token"]}),
        "POST staff/{assignment}/link/": known(at={"assignment": ids["invited"]}),
        "POST staff/{assignment}/second-factor/": known(
            body={"reason": "Ponsel hilang.", "document": "BA-1"}
        ),
    }


def _elections(world):
    made = {"name": "Pemilihan Wali Kota Bontang 2024", "level": "walikota", "region_id": 6474}
    reckoned = {"rule_set": "pkpu8-2024", "base": 131_600, "voting_day": "2024-11-27"}
    asked = {"rule_set": "uu10-2016", "level": "walikota", "base": "464114", "areas": "6"}
    return {
        "GET requirement/": known(query=asked),
        "POST elections/": known(body=made | reckoned),
        "PATCH elections/{id}/": known(body={"override_minimum": 5, "override_decree": DECREE}),
        "DELETE elections/{id}/": known(at={"id": world.ids["practice"]}, query={"name": "Latihan 2024"}),
    }


def _schedules(ids):
    span = {"stage": "perbaikan_2", "kind": "filling"}
    local = {name: _in_days(days)[:16] for name, days in (("opens", 40), ("closes", 45))}
    coming = {"window": ids["coming_window"]}
    moved = {"closes_at": _in_days(70), "decree": DECREE}
    return {
        "POST elections/{election}/windows/": known(
            body={**span, "opens_at": _in_days(80), "closes_at": _in_days(85), "decree": DECREE}
        ),
        "PATCH elections/{election}/windows/{window}/": known(at=coming, body=moved),
        "DELETE elections/{election}/windows/{window}/": known(at=coming, query={"decree": DECREE}),
        "GET elections/{election}/schedule/{number}/": known(at={"number": 1}),
        "POST windows/moves/": known(body={"days": 3, "decree": DECREE}),
        "POST windows/copies/": known(body={"spans": [span | local], "decree": DECREE}),
    }


def _outages(ids):
    told = {"affected": "Unggah", "description": "Basis data penuh.", "elections": [ids["election"]]}
    return {
        "POST outages/": known(body=told | {"began_at": _in_days(-1), "ended_at": now().isoformat()}),
        "PATCH outages/{outage}/": known(body={"ended_at": now().isoformat()}),
        "POST outages/{outage}/rulings/": known(
            at={"outage": ids["ended_outage"]}, body={"document": "9/PL.02/2024", "hours": 3}
        ),
        "POST rulings/{ruling}/open/": known(at={"ruling": ids["approved_ruling"]}),
        "POST outages/{outage}/rulings/letter/": known(
            at={"outage": ids["proposed_outage"]}, body={"letter": documents.pdf(title="Lain")}, kind=FORM
        ),
        "POST outages/{outage}/rulings/approve/": known(
            at={"outage": ids["proposed_outage"]}, body={"digest": ids["read"]}
        ),
        "POST outages/{outage}/rulings/open/": known(
            at={"outage": ids["approved_outage"]}, body={"count": ids["approved_rulings"]}
        ),
    }


def _mandates(ids):
    told = {**filing.FIELDS, "head": "Nanda Andai", "deputy": "Oki Misal", "document": documents.pdf()}
    approved = {"mandate": ids["approved_mandate"]}
    return {
        "POST mandates/": known(query={"election": ids["election"]}, body=told, kind=FORM),
        "POST mandates/{mandate}/links/": known(at=approved),
        "POST mandates/{mandate}/revoke/": known(at=approved, body={"reason": "Mandat dicabut pasangan."}),
        "GET mandates/status/{code}/": known(at={"code": ids["code"]}),
    }


def _files(ids):
    tus = {"Tus-Resumable": "1.0.0"}
    named = f"filename {base64.b64encode(b'data.csv').decode()}"
    return {
        "POST pairs/{pair}/files/": known(
            headers=tus | {"Upload-Length": "1000", "Upload-Metadata": named}, body=b"NIK;Nama", kind=PIECE
        ),
        "PATCH pairs/{pair}/files/{file}/": known(
            headers=tus | {"Upload-Offset": "0"}, body=b"NIK;Nama", kind=PIECE
        ),
        "DELETE pairs/{pair}/files/{file}/": known(headers=tus),
    }


def _rolls(ids):
    tus, file = {"Tus-Resumable": "1.0.0"}, {"file": ids["roll_file"]}
    named = f"filename {base64.b64encode(b'dpt.csv').decode()}"
    begun = tus | {"Upload-Length": "1000", "Upload-Metadata": named}
    content = b"NIK;NAMA\n6474011501909001;BUDI\n"
    return {
        "POST elections/{election}/rolls/": known(body={"kind": "dp4", "file": content}, kind=FORM),
        "POST elections/{election}/rolls/files/": known(
            query={"kind": "dpt"}, headers=begun, body=b"NIK;NAMA", kind=PIECE
        ),
        "GET elections/{election}/rolls/files/{file}/": known(at=file),
        "PATCH elections/{election}/rolls/files/{file}/": known(
            at=file, headers=tus | {"Upload-Offset": "0"}, body=b"NIK;NAMA", kind=PIECE
        ),
        "DELETE elections/{election}/rolls/files/{file}/": known(at=file, headers=tus),
        "DELETE rolls/{roll}/": known(query={"count": "2"}),
    }


def _uploads(ids):
    mapping = {"nik": "a", "name": "b"}
    return {
        "POST pairs/{pair}/uploads/": known(headers={"Idempotency-Key": "1"}, body={"file": ids["whole"]}),
        "POST uploads/{upload}/cancel/": known(at={"upload": ids["loading"]}),
        "POST uploads/{upload}/mapping/": known(at={"upload": ids["unmapped"]}, body={"mapping": mapping}),
        "POST uploads/{upload}/remove-copies/": known(at={"upload": ids["copies"]}),
        "POST uploads/{upload}/replace/": known(
            at={"upload": ids["copies"]}, body={"replaces": ids["upload"]}
        ),
        "POST uploads/{upload}/retry/": known(at={"upload": ids["failed"]}),
    }


def _rows(ids):
    support = Support.objects.select_related("submission__pair__election__rule_set").get(pk=ids["support"])
    revision = row_of(support.pk, support.submission, COMMISSION).revision
    as_read = {"If-Match": f'"{revision}"'}
    return {
        "PATCH supports/{support}/": known(headers=as_read, body={"name": "Budi Contoh"}),
        "DELETE supports/{support}/": known(headers=as_read),
        "POST pairs/{pair}/supports/": known(headers={"Idempotency-Key": "2"}, body=factories.person(12)),
        "POST pairs/{pair}/supports/remove/": known(
            body={"filter": {"finding": "DUPLICATE_IDENTICAL"}, "preview": True}
        ),
        "GET pairs/{pair}/supports/remove/{job}/": known(at={"job": ids["job"]}),
        "POST pairs/{pair}/supports/search/": known(body={"name": "bud"}),
    }


def _papers(ids):
    return {
        "GET pairs/{pair}/forms/list.pdf": known(query={"area": "6474011001"}),
        "POST pairs/{pair}/forms/{form}/scans/": known(
            body={"document": documents.pdf(title="Pindaian"), "replaces": str(ids["scan"])}, kind=FORM
        ),
        "GET pairs/{pair}/forms/scans/{scan}/": known(at={"scan": ids["scan"]}),
        "DELETE pairs/{pair}/forms/scans/{scan}/": known(at={"scan": ids["scan"]}),
        "GET pairs/{pair}/forms/zips/{bundle}/": known(at={"bundle": ids["bundle"]}),
    }


def _scans(ids):
    held, waiting = {"scan": ids["support_scan"]}, {"scan": ids["waiting_scan"]}
    return {
        "POST pairs/{pair}/scans/": known(body={"file": documents.pdf(title="Pindaian baru")}, kind=FORM),
        "POST pairs/{pair}/scan-manifests/": known(body={"file": b"berkas,nik\nIMG2.jpg,12\n"}, kind=FORM),
        "GET pairs/{pair}/scan-manifests/{manifest}/": known(at={"manifest": ids["manifest"]}),
        "GET scans/{scan}/": known(at=held),
        "POST scans/{scan}/row/": known(at=waiting, body={"support": ids["support"]}),
        "DELETE scans/{scan}/row/": known(at=held),
        "GET scans/{scan}/pages/{page}.jpg": known(at={**held, "page": 1}),
        "GET scans/{scan}/original/": known(at=held),
    }


def _pairs(ids):
    letter = {"number": "5/SK/2024", "reason": "Permintaan sendiri", "document": documents.pdf()}
    saran = {"number": "77/2024", "dated": "2024-05-12", "text": "Periksa.", "document": documents.pdf()}
    ruling = {"kind": "putusan", "document": "7/PS.REG/64.6474/V/2024", "stage": "awal", "hours": 48}
    return {
        "POST pairs/{pair}/rulings/": known(body=ruling),
        "POST pairs/{pair}/rulings/rows/": known(body={"stage": "awal", "rows": ["A-1"]}),
        "POST rulings/{ruling}/letter/": known(body={"letter": documents.pdf(title="Lain")}, kind=FORM),
        "POST rulings/{ruling}/approve/": known(
            body={"digest": digest_of(Ruling.objects.get(pk=ids["ruling"]))}
        ),
        "POST rulings/{ruling}/refuse/": known(body={"reason": "Amar tidak menyebutnya."}),
        "POST recommendations/": known(query={"election": ids["election"]}, body=saran, kind=FORM),
        "POST recommendations/{id}/answer/": known(body={"followed": True, "answer": "BA 3/2024."}),
        "POST pairs/{pair}/typists/": known(body={"name": "Putri Contoh", "email": "putri@contoh.test"}),
        "POST pairs/{id}/withdrawal/": known(body=letter, kind=FORM),
        "POST pairs/{id}/replacements/": known(
            body=letter | {"member": "head", "name": "Rangga Pengganti"}, kind=FORM
        ),
    }


def _help(ids):
    answered = {"thread": ids["answered_thread"]}
    return {
        "POST help/threads/": known(body={"pair": ids["pair"], "subject": "Soal", "text": "Apa artinya?"}),
        "POST help/threads/{thread}/messages/": known(body={"text": "Tambahan."}),
        "POST help/threads/{thread}/answers/": known(body={"text": "Sudah benar.", "seen": 1}),
        "POST help/threads/{thread}/take/": known(body={}),
        "POST help/threads/{thread}/hand-on/": known(body={"desk": 64}),
        "POST help/threads/{thread}/close/": known(at=answered),
        "GET help/threads/{thread}/documents/{number}/": known(at={"number": 1}),
    }


def _own_data(ids):
    key, person = {"key": ids["own_key"]}, factories.person(7)
    told = {name: person[name] for name in ("nik", "birth_date", "name")}
    form = told | {"kind": "access", "email": "warga@contoh.test", "document": documents.pdf(title="KTP")}
    granted = {"identity_confirmed": True, "answer": "Dipenuhi."}
    return {
        "POST own-data/check/": known(body={"nik": person["nik"], "birth_date": "1960-01-08"}),
        "POST own-data/request/": known(body=key),
        "POST own-data/copy/": known(body=key),
        "POST data-requests/": known(query={"election": ids["election"]}, body=form, kind=FORM),
        "POST data-requests/{data_request}/fulfil/": known(
            at={"data_request": ids["taken_request"]}, body=granted
        ),
        "POST data-requests/{data_request}/refuse/": known(body={"reason": "KTP-el tidak terbaca."}),
        "POST data-requests/{data_request}/end-mark/": known(at={"data_request": ids["restricting"]}),
    }


def _retention(ids):
    ended = Election.objects.select_related("rule_set").get(pk=ids["ended_election"])
    proposed = Destruction.objects.get(pk=ids["destruction"])
    return {
        "POST elections/{election}/retention/": known(
            at={"election": ended.pk}, body={"digest": digest(ended)}
        ),
        "POST destructions/{destruction}/approve/": known(body={"digest": proposed.digest}),
    }


def _rounds(ids):
    receipt = receipt_of(Submission.objects.get(pk=ids["submission"]))
    areas = [
        {"code": one["code"], "claimed": one["rows"], "counted": one["rows"]}
        for one in receipt.body["by_area"]
    ]
    return {
        "GET submissions/{submission}/reception/": known(at={"submission": ids["accepted"]}),
        "POST submissions/{submission}/reception/": known(
            body={"decision": "accepted", "minutes_number": "BA-2", "areas": areas}
        ),
        "POST submissions/{submission}/redraft/": known(at={"submission": ids["returned"]}),
    }


def _reviews(world):
    ids = world.ids
    of, own = (
        {"submission": ids["in_review"]},
        {"submission": ids["in_review"], "user": world.people["kpu"].pk},
    )
    people = {"area": 647403, "people": [world.people["kpu"].pk]}
    proposed = {"filter": {"area": 647401}, "status": "MS", "token": ids["bulk_token"]}
    letter = {"number": "2/2024", "dated": "2024-08-01", "reason": "Mediasi.", "letter": documents.pdf()}
    corrected = letter | {"status": "MS", "token": ids["correction_token"]}
    at = "submissions/{submission}/review/"
    read = {
        f"GET {at}{part}": known(at=of)
        for part in ("", "deals/", "verifiers/", "shares/", "queue/", "bulks/")
    }
    closed = {"submission": ids["closed"]}
    read |= {f"GET submissions/{{submission}}/bms.{form}": known(at=closed) for form in ("csv", "xlsx")}
    return read | {
        f"POST {at}": known(at={"submission": ids["accepted"]}),
        f"POST {at}deals/": known(at=of, body=people),
        f"POST {at}close/": known(at={"submission": ids["closable"]}, body={"minutes_number": "88/BA/2024"}),
        f"DELETE {at}shares/{{user}}/": known(at=own),
        f"POST {at}decisions/": known(at=of, body=[{"support": ids["held_row"], "status": "MS"}]),
        f"POST {at}second-readings/": known(at=of, body={}),
        f"POST {at}bulks/preview/": known(at=of, body={"area": 647401}),
        f"POST {at}bulks/": known(at=of, body=proposed),
        f"GET {at}corrections/": known(at=of),
        f"POST {at}corrections/preview/": known(at=of, body={"status": "MS"}),
        f"POST {at}corrections/": known(at=of, body=corrected, kind=FORM),
        "POST corrections/{correction}/resume/": known(at={"correction": ids["stopped_correction"]}),
        "POST bulks/{bulk}/undo/": known(at={"bulk": ids["done_bulk"]}),
        "POST bulks/{bulk}/resume/": known(at={"bulk": ids["stopped_bulk"]}),
    }


def _groups(ids):
    one, first = {"group": ids["group"]}, ids["first_of_group"]
    told = {"supports": [first], "status": "TMS", "reasons": ["DUPLICATE_NIK"]}
    return {
        "GET submissions/{submission}/review/groups/": known(
            at={"submission": ids["in_review"]}, query={"kind": "nik"}
        ),
        "GET submissions/{submission}/review/pair-matches/": known(at={"submission": ids["in_review"]}),
        "GET groups/{group}/": known(at=one),
        "POST groups/{group}/decisions/": known(at=one, body=told),
        "POST groups/{group}/keep/": known(at=one, body={"support": first}),
        "POST groups/{group}/undo/": known(at=one),
        "POST groups/{group}/take-over/": known(at=one),
    }


def _decisions(ids):
    held, decided = {"support": ids["held_row"]}, {"support": ids["decided_row"]}
    told = {"status": "TMS", "reasons": ["KTP_MISSING"], "note": "Lembar kosong."}
    return {
        "GET supports/{support}/card/": known(at=held),
        "GET supports/{support}/decisions/": known(at=decided),
        "POST supports/{support}/decisions/": known(at=held, body=told),
        "POST supports/{support}/decisions/undo/": known(at=decided),
    }
