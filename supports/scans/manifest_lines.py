"""Lines of lists as they are kept: by digests of names, with sealed NIKs, of the pair's own rows alone."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import polars as pl

from candidates.models import Pair
from foundation import seal, sql
from foundation.keys.keyring import Keys, keyring
from supports.models import Submission
from supports.row_ids import key_of_rows, read_row_ids
from supports.scans.manifest import Line, base_of, plain
from supports.scans.models import ManifestLine, ScanManifest
from supports.standards import key_scope

PORTION = 10_000
LONGEST_ID = 18  # digits: what is longer is no row's


def keep_lines(manifest: ScanManifest, lines: Sequence[Line], rows: dict[str, int], keys: Keys) -> None:
    """Write what these lines say, in the place of what earlier lists said of the same files."""
    for at in range(0, len(lines), PORTION):
        some = lines[at : at + PORTION]
        niks = seal.seal_niks(pl.Series([line.named.nik or None for line in some], dtype=pl.String), keys.nik)
        sql.run(
            "scans/keep_lines",
            pair=manifest.pair_id,
            manifest=manifest.pk,
            names=digests_of([line.file for line in some], keys),
            niks=niks.bin.encode("hex").to_list(),
            tokens=[line.named.token for line in some],
            rows=[rows.get(line.row) for line in some],
            kinds=[line.named.kind for line in some],
        )


def name_scans(pair: Pair, matched: Sequence[tuple[int, str]], keys: Keys) -> None:
    """Say of scans that wait, each with the file its line names, what was kept of it."""
    for at in range(0, len(matched), PORTION):
        some = matched[at : at + PORTION]
        names = digests_of([file for _scan, file in some], keys)
        sql.run("scans/name_scans", pair=pair.pk, scans=[scan for scan, _file in some], names=names)


def lines_about(
    pair_id: int, paths: Sequence[str], repeated: Collection[str], keys: Keys
) -> dict[str, ManifestLine]:
    """What lists say of files by their paths; a name alone says nothing where several files are called so."""
    asked = {path: [name for name in _names(path) if "/" in name or name not in repeated] for path in paths}
    names = sorted({name for found in asked.values() for name in found})
    digests = dict(zip(names, digests_of(names, keys), strict=True))
    lines = ManifestLine.objects.filter(pair=pair_id, name__in=list(digests.values()))
    kept = {line.name.hex: line for line in lines}
    told = {name: kept[digest] for name, digest in digests.items() if digest in kept}
    return {path: told[name] for path, found in asked.items() for name in reversed(found) if name in told}


def repeated_names(paths: Iterable[str]) -> set[str]:
    """Names that several files of one delivery have, each in another folder."""
    found = Counter(base_of(plain(path)) for path in paths)
    return {name for name, n in found.items() if n > 1}


def named_rows(pair: Pair, texts: Collection[str]) -> dict[str, int]:
    """The pair's rows that ids in a list mean: numbers as the API gives them, or what reports have as "ID baris"."""
    if not texts:
        return {}
    rounds = list(Submission.objects.filter(pair=pair).values_list("pk", flat=True))
    ids = {text: int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID}
    signed = [text for text in texts if text not in ids]
    key = key_of_rows(keyring(key_scope(pair.election)).digest)
    read = read_row_ids(pl.Series(signed, dtype=pl.String), rounds, key)["origin_id"].to_list()
    ids |= {text: row for text, row in zip(signed, read, strict=True) if row is not None}
    known = sql.rows("scans/find_named_rows", supports=sorted(set(ids.values())), submissions=rounds)
    own = {row for (row,) in known}
    return {text: row for text, row in ids.items() if row in own}


def digests_of(names: Sequence[str], keys: Keys) -> list[str]:
    """What is kept of files' names."""
    return seal.as_hex(seal.digest_rows(pl.Series(names, dtype=pl.String), keys.digest))


def _names(path: str) -> list[str]:
    """A file's name with its folder, then without."""
    return list(dict.fromkeys([plain(path), base_of(plain(path))]))
