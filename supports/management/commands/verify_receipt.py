"""``manage.py verify_receipt``: a receipt against the stored rows, or (``--rows``) against a team's copy of them."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.keys.keyring import KeysDestroyed
from supports.handing_in import verify
from supports.handing_in.checking import check_stored, prove_row, stored_receipt


class Command(BaseCommand):
    help = "Periksa apakah baris yang tersimpan masih yang diserahkan menurut tanda terima, dan sebut yang berbeda."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("receipt", help="Tanda terima (JSON).")
        parser.add_argument("--rows", help="Salinan baris milik tim (JSONL); basis data tidak dipakai.")
        parser.add_argument("--row", default="", help="ID satu baris: tulis buktinya.")
        parser.add_argument("--out", help="Tempat bukti itu ditulis.")
        parser.add_argument("--proof", help="Bukti satu baris (JSON) yang diperiksa.")
        parser.add_argument("--json", action="store_true", help="Jawaban untuk program.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is not true. Raises CommandError when something is not, so that the exit code tells."""
        try:
            faults = self._faults(options)
        except verify.Unreadable as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"true": not faults, "faults": faults}, ensure_ascii=False))
        if faults:
            raise CommandError("\n".join(f"TIDAK BENAR. {fault}" for fault in faults))
        if not options["json"]:
            self.stdout.write("BENAR. Semua yang diperiksa cocok dengan tanda terima.")

    def _faults(self, options: dict[str, Any]) -> list[str]:
        body = verify.read_json(options["receipt"], verify.FORMAT, "tanda terima")
        if options["proof"]:
            proof = verify.read_json(options["proof"], verify.PROOF_FORMAT, "bukti baris")
            return verify.check_receipt(body) + verify.check_proof(body, proof)
        if options["rows"]:
            with Path(options["rows"]).open("rb") as lines:
                rows = verify.Rows(lines)
                rows.read()
            return verify.check_receipt(body) + verify.check_rows(body, rows)
        try:
            faults = check_stored(body)
        except KeysDestroyed as gone:
            # What can be checked without the rows still is; the rows themselves are with the team.
            advice = "Periksa barisnya dengan salinan milik tim (--rows)."
            raise CommandError("\n".join([*verify.check_receipt(body), f"{gone.message} {advice}"])) from gone
        return faults or self._prove(body, options)

    def _prove(self, body: dict[str, Any], options: dict[str, Any]) -> list[str]:
        receipt = stored_receipt(body)
        if not options["row"] or receipt is None:
            return []
        proof = prove_row(receipt, int(options["row"])) if options["row"].isdecimal() else None
        if proof is None:
            return [f"Baris dengan ID {options['row']} tidak ada di tanda terima ini."]
        text = json.dumps(proof, ensure_ascii=False, indent=1)
        if options["out"]:
            Path(options["out"]).write_text(text + "\n", "utf-8")
        else:
            self.stdout.write(text)
        return []
