"""Checks a receipt, and the rows it stands for, on anyone's machine: with neither database nor key of ours.

``python -m supports.handing_in.verify RECEIPT.json [ROWS.jsonl]``, or ``python pemeriksa.pyz …`` as it is downloaded
beside the public keys. Pure: the standard library only. The exit code is 0 when all is true, 1 when something is not
(each thing is named), 2 when a file cannot be read.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from supports.handing_in import ed25519, merkle
from supports.handing_in.rows import FIELDS, hash_row
from supports.handing_in.rows import FORMAT as ROW_FORMAT
from supports.handing_in.signed import FORMAT, TREE, signed_bytes

ROWS_FORMAT, PROOF_FORMAT = "silon-rows-1", "silon-proof-1"
CERTIFICATE_FORMAT = "silon-certificate-1"
MOST_NAMED = 20
AT_ONCE = 4_096
UNPLACED = 0


class Unreadable(ValueError):
    """A file that is none of ours; the message is for people."""


def read_json(path: str, form: str, what: str) -> dict[str, Any]:
    """A JSON file of ours. Raises Unreadable."""
    try:
        body = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{what} {path} tidak dapat dibaca: bukan berkas JSON, atau terpotong.") from error
    if not isinstance(body, dict) or body.get("format") != form:
        raise Unreadable(f"{path} bukan {what} (format {form}).")
    return body


def check_receipt(body: Mapping[str, Any], public_key: str = "") -> list[str]:
    """What is not true of a receipt by itself. ``public_key``: as it was published, in hex."""
    faults = check_signature(body, public_key)
    if (body.get("tree"), body.get("row_format")) != (TREE, ROW_FORMAT):
        faults.append("Tanda terima memakai cara hitung yang tidak dikenal pemeriksa ini.")
    return faults


def check_signature(body: Mapping[str, Any], public_key: str = "", what: str = "tanda terima") -> list[str]:
    """What is not true of the signature of a receipt, or of whatever else was signed as one is."""
    faults = []
    if public_key and public_key != body.get("public_key"):
        faults.append(f"Kunci publik di {what} bukan kunci yang diumumkan: {what} ini bukan dari KPU.")
    try:
        key, signature = (bytes.fromhex(str(body.get(name))) for name in ("public_key", "signature"))
    except ValueError:
        return [*faults, f"Tanda tangan atau kunci publik di {what} rusak."]
    if not ed25519.verify(key, signed_bytes(body), signature):
        faults.append(f"Tanda tangan tidak cocok: isi {what} diubah setelah ditandatangani.")
    return faults


class Rows:
    """The rows of a team's copy, looked at one by one: what their leaves are, and what is wrong with them."""

    def __init__(self, lines: Iterable[str | bytes]) -> None:
        self._lines = iter(lines)
        self.header = self._read_header()
        self.ids: list[str] = []
        self.leaves: list[bytes] = []
        self.altered: list[str] = []
        self.missing: list[int] = []
        self.withheld = 0
        self.areas: Counter[str] = Counter()
        self.tree, self.claimed = merkle.Tree(), merkle.Tree()

    def read(self, wanted: str = "") -> dict[str, Any] | None:
        """Go through all rows; the row with the id that is ``wanted``, if it is there."""
        found, mine, theirs, expected = None, [], [], 1
        for at, row in self._rows():
            leaf = self._leaf(row, at)
            if leaf.hex() != row.get("leaf"):
                self.altered.append(f"baris nomor {row.get('no')} (ID {row.get('id')})")
            self.missing += range(expected, _number(row, at))
            expected = max(expected, _number(row, at)) + 1
            self.areas[str(row["area"])] += 1
            mine.append(leaf)
            theirs.append(_bytes(row.get("leaf")))
            if wanted:
                self.ids.append(str(row["id"]))
                self.leaves.append(leaf)
                found = row if str(row["id"]) == wanted else found
            if len(mine) == AT_ONCE:
                self._grow(mine, theirs)
                mine, theirs = [], []
        self._grow(mine, theirs)
        return found

    def _leaf(self, row: Mapping[str, Any], at: int) -> bytes:
        """Of a row; of one that is withheld at its person's request the leaf is given, and the row proves nothing."""
        if row.get("withheld") is True:
            self.withheld += 1
            return _bytes(row.get("leaf"))
        return hash_row(str(row.get("salt")), _texts(row, at))

    def _grow(self, mine: list[bytes], theirs: list[bytes]) -> None:
        self.tree.extend(mine)
        self.claimed.extend(theirs)

    def _read_header(self) -> dict[str, Any]:
        first = next(self._lines, "")
        try:
            header = json.loads(first)
        except ValueError:
            header = None
        if not isinstance(header, dict) or header.get("format") != ROWS_FORMAT:
            raise Unreadable(f"Berkas baris ini bukan salinan dari Silon (format {ROWS_FORMAT}).")
        return header

    def _rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for at, line in enumerate(self._lines, 2):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise Unreadable(
                    f"Baris ke-{at} berkas tidak dapat dibaca: terpotong atau diubah."
                ) from error
            if not isinstance(row, dict) or "id" not in row or "area" not in row:
                raise Unreadable(f"Baris ke-{at} berkas tidak memuat satu pendukung.")
            yield at, row


def check_rows(body: Mapping[str, Any], rows: Rows) -> list[str]:
    """What is not true of the rows that were read, by the receipt."""
    faults = []
    if rows.header.get("receipt") != body["number"]:
        faults.append(f"Salinan ini milik tanda terima {rows.header.get('receipt')}, bukan {body['number']}.")
    if rows.tree.size != body["rows"]:
        faults.append(f"Berkas memuat {rows.tree.size} baris, tanda terima {body['rows']}.")
    if rows.missing:
        faults.append(named([f"nomor {number}" for number in rows.missing], "baris tidak ada"))
    if rows.altered:
        faults.append(named(rows.altered, "baris diubah"))
    if rows.tree.root().hex() == body["root"]:
        return faults + _check_areas(body, rows.areas)
    if rows.claimed.root().hex() == body["root"] and faults:
        return [*faults[:-1], f"{faults[-1]} Semua baris lain sama dengan yang diserahkan."]
    return [*faults, f"Akar pohon baris {rows.tree.root().hex()} bukan akar di tanda terima {body['root']}."]


def _check_areas(body: Mapping[str, Any], found: Mapping[str, int]) -> list[str]:
    """The sums per area, counted from the rows themselves."""
    rest, faults = Counter(found), []
    for area in body["by_area"]:
        inside = [code for code in rest if area["code"] != UNPLACED and code.startswith(str(area["code"]))]
        if area["code"] == UNPLACED:
            inside = list(rest)
        number = sum(rest.pop(code) for code in inside)
        if number != area["rows"]:
            faults.append(f"{area['name']}: {number} baris di berkas, {area['rows']} di tanda terima.")
    return faults


def proof_of(
    body: Mapping[str, Any], row: Mapping[str, Any], index: int, leaves: list[bytes]
) -> dict[str, Any]:
    """What proves one row without the others."""
    path = [one.hex() for one in merkle.path_of(index, leaves)]
    kept = {name: row[name] for name in ("salt", *FIELDS)}
    about = {"format": PROOF_FORMAT, "receipt": body["number"], "root": body["root"]}
    return about | {"index": index, "size": len(leaves), "row": kept, "path": path}


def check_proof(body: Mapping[str, Any], proof: Mapping[str, Any]) -> list[str]:
    """What is not true of the proof of one row."""
    if proof.get("receipt") != body["number"]:
        return [f"Bukti ini milik tanda terima {proof.get('receipt')}, bukan {body['number']}."]
    if proof.get("size") != body["rows"]:
        return [f"Bukti ini dari {proof.get('size')} baris, tanda terima memuat {body['rows']}."]
    try:
        row, path = proof["row"], [bytes.fromhex(one) for one in proof["path"]]
        root = merkle.root_by_path(int(proof["index"]), proof["size"], hash_row(row["salt"], row), path)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable("Bukti baris ini rusak.") from error
    if root is None or root.hex() != body["root"]:
        return ["Baris di bukti ini bukan bagian dari yang diserahkan, atau sudah diubah."]
    return []


def named(things: list[str], what: str) -> str:
    """ "3 baris diubah: …", the first of them by name."""
    more = f", dan {len(things) - MOST_NAMED} lainnya" if len(things) > MOST_NAMED else ""
    return f"{len(things)} {what}: {', '.join(things[:MOST_NAMED])}{more}."


def _texts(row: Mapping[str, Any], at: int) -> Mapping[str, str]:
    if all(isinstance(row.get(name, ""), str) for name in FIELDS):
        return row
    raise Unreadable(f"Baris ke-{at} berkas memuat isian yang bukan teks.")


def _number(row: Mapping[str, Any], at: int) -> int:
    number = row.get("no")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 1 << 31:
        raise Unreadable(f"Baris ke-{at} berkas tidak bernomor.")
    return number


def _bytes(text: Any) -> bytes:
    try:
        return bytes.fromhex(text)
    except (TypeError, ValueError):
        return b""


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    asked = _parser().parse_args(arguments)
    try:
        faults = _checked(asked)
    except (Unreadable, OSError) as error:
        _say(f"TIDAK DAPAT DIPERIKSA. {error}")
        return 2
    for fault in faults:
        _say(f"TIDAK BENAR. {fault}")
    if not faults:
        what = "sertifikat" if asked.certificate else "tanda terima"
        _say(f"BENAR. Semua yang diperiksa cocok dengan {what}.")
    return 1 if faults else 0


def _checked(asked: argparse.Namespace) -> list[str]:
    if asked.certificate:
        body = read_json(asked.receipt, CERTIFICATE_FORMAT, "sertifikat pemusnahan")
        return check_signature(body, asked.public_key, "sertifikat")
    body = read_json(asked.receipt, FORMAT, "tanda terima")
    faults = check_receipt(body, asked.public_key)
    if asked.proof:
        faults += check_proof(body, read_json(asked.proof, PROOF_FORMAT, "bukti baris"))
    if asked.rows:
        with Path(asked.rows).open("rb") as lines:
            rows = Rows(lines)
            found = rows.read(asked.row)
        faults += check_rows(body, rows)
        if rows.withheld:
            _say(
                f"{rows.withheld} baris hanya ada sidiknya: isinya dibatasi atas permintaan pemilik datanya."
            )
        if asked.row and not faults:
            faults += _write_proof(body, rows, found, asked)
    return faults


def _write_proof(
    body: Mapping[str, Any], rows: Rows, found: Mapping[str, Any] | None, asked: argparse.Namespace
) -> list[str]:
    if found is None:
        return [f"Baris dengan ID {asked.row} tidak ada di berkas."]
    if found.get("withheld"):
        return [f"Isi baris dengan ID {asked.row} dibatasi atas permintaan pemilik datanya."]
    proof = proof_of(body, found, rows.ids.index(asked.row), rows.leaves)
    text = json.dumps(proof, ensure_ascii=False, indent=1)
    if asked.out:
        Path(asked.out).write_text(text + "\n", "utf-8")
    else:
        _say(text)
    return []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Memeriksa tanda terima penyerahan dukungan.")
    parser.add_argument("receipt", help="tanda terima (JSON)")
    parser.add_argument("rows", nargs="?", help="salinan baris milik tim (JSONL)")
    parser.add_argument("--row", default="", help="ID satu baris: tulis buktinya")
    parser.add_argument("--out", help="tempat bukti itu ditulis")
    parser.add_argument("--proof", help="bukti satu baris (JSON) yang diperiksa")
    parser.add_argument(
        "--certificate", action="store_true", help="yang diperiksa sertifikat pemusnahan (JSON)"
    )
    parser.add_argument("--public-key", default="", help="kunci publik yang diumumkan (heksadesimal)")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
