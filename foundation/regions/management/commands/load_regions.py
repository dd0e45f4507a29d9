"""The region table of the project into the database."""

from typing import Any

from django.core.management.base import BaseCommand

from foundation.regions.codes import DISTRICT, PROVINCE, REGENCY, VILLAGE
from foundation.regions.operations import load_regions
from foundation.regions.queries import count_by_level

LEVELS = {
    PROVINCE: "provinsi",
    REGENCY: "kabupaten/kota",
    DISTRICT: "kecamatan",
    VILLAGE: "desa/kelurahan",
}


class Command(BaseCommand):
    """Safe to run again: it writes only what differs."""

    help = "Memuat semua wilayah, yang berlaku dan yang lama. Dapat dijalankan ulang kapan saja."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then say how many regions of each level there are."""
        loaded = load_regions()
        if options["verbosity"] == 0:
            return
        for level, in_force, former in count_by_level():
            self.stdout.write(f"{LEVELS[level]}: {in_force} berlaku, {former} lama")
        self.stdout.write(f"{loaded.regions} wilayah: {loaded.written} ditulis, {loaded.removed} dihapus")
