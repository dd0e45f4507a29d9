"""A receipt against what is stored: are the rows still those, and if not, which."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from foundation.keys.signing import public_keys
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from foundation.storage import open_file
from supports.handing_in.hashing import hashed_portions, one_by_one, read_leaves
from supports.handing_in.merkle import Tree
from supports.handing_in.reading import open_portion, read_portions, sealing_of
from supports.handing_in.verify import check_receipt, named, proof_of
from supports.models import MAX_ROW_NO, ROW_BITS, Receipt, Upload

CHANGED, GONE, ADDED = "changed", "gone", "added"
WORDS = {CHANGED: "baris diubah", GONE: "baris hilang", ADDED: "baris ditambahkan"}


def stored_receipt(body: Mapping[str, Any]) -> Receipt | None:
    """The receipt of ours that has this number in this election."""
    election = body.get("election")
    found = Receipt.objects.filter(number=body.get("number"), election=dict(election or {}).get("id"))
    return found.select_related("leaves", "hand_in__submission__pair__election").first()


def check_stored(body: Mapping[str, Any]) -> list[str]:
    """What is not true of a receipt and of the rows that are stored for it; each thing named."""
    faults = check_receipt(body)
    if body.get("public_key") not in {one.key for one in public_keys()}:
        faults.append(_("Kunci publik di tanda terima bukan kunci instalasi ini."))
    receipt = stored_receipt(body)
    if receipt is None:
        return [
            *faults,
            _("Tanda terima nomor %(number)s tidak ada di sini.") % {"number": body.get("number")},
        ]
    names = sorted({*body, *receipt.body})
    faults += [
        _("“%(name)s” di berkas bukan yang ditandatangani.") % {"name": name}
        for name in names
        if body.get(name) != receipt.body.get(name)
    ]
    return faults + check_stored_rows(receipt)


def check_stored_rows(receipt: Receipt) -> list[str]:
    """Which of the stored rows are not those that were handed in."""
    found: dict[str, list[int]] = {CHANGED: [], GONE: [], ADDED: []}
    for kind, pk in _differences(receipt):
        found[kind].append(pk)
    faults = [named(_names(ids), WORDS[kind]) for kind, ids in found.items() if ids]
    tree = Tree()
    with open_file(receipt.leaves) as file:
        for hashed in read_leaves(file):
            tree.extend(hashed.leaves)
    if tree.root().hex() != receipt.body["root"]:
        faults.append(_("Daftar hash yang tersimpan tidak menghasilkan akar di tanda terima."))
    return faults


def _differences(receipt: Receipt) -> Iterator[tuple[str, int]]:
    """Both lists are in the order of ids, and are read side by side."""
    with open_file(receipt.leaves) as file:
        then = one_by_one(read_leaves(file))
        today = one_by_one(hashed_portions(receipt.hand_in.submission))
        old, new = next(then, None), next(today, None)
        while old or new:
            if new is None or (old and old[0] < new[0]):
                yield GONE, old[0]
                old = next(then, None)
            elif old is None or new[0] < old[0]:
                yield ADDED, new[0]
                new = next(today, None)
            else:
                if old[1] != new[1]:
                    yield CHANGED, old[0]
                old, new = next(then, None), next(today, None)


def _names(ids: list[int]) -> list[str]:
    """Rows as people find them: file, row, id."""
    names = dict(Upload.objects.filter(pk__in={pk >> ROW_BITS for pk in ids}).values_list("pk", "name"))
    return [f"“{names.get(pk >> ROW_BITS, '?')}” baris {pk & MAX_ROW_NO} (ID {pk})" for pk in ids]


def prove_row(receipt: Receipt, pk: int) -> dict[str, Any] | None:
    """The proof of one row as it is stored, on record as a reading; None when the receipt has no such row."""
    with open_file(receipt.leaves) as file:
        rows = list(one_by_one(read_leaves(file)))
    index = next((at for at, (one, _leaf) in enumerate(rows) if one == pk), None)
    if index is None:
        return None
    record_reading(Kind.PROOF, receipt, by=None, rows=1, row=pk, submission=receipt.hand_in.submission_id)
    keys = sealing_of(receipt.hand_in.submission)
    for portion in read_portions(receipt.hand_in.submission):
        for row in open_portion(portion, keys).to_dicts():
            if row["id"] == str(pk):
                return proof_of(receipt.body, row, index, [leaf for _pk, leaf in rows])
    return None
