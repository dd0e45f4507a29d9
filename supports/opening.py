"""A sealed row opened again: the texts as they would be typed. The caller answers for permission and Event."""

from datetime import date

from foundation import seal
from supports.ingest.prepare import FIELD_END, SEALED_FIELDS, RowKeys
from supports.models import Support

PLAIN_FIELDS = ("name", "village", "district", "regency", "occupation", "document", "sheet", "ref")
SEALED_AS_THEY_ARE = ("address", "rt", "rw", "birth_place", "email")


def open_row(support: Support, keys: RowKeys) -> dict[str, str | bool | None]:
    """Every field of a row, by its name in ``supports.ingest.columns``; what could not be read as it was given."""
    blob = open_blob(support, keys)
    fields: dict[str, str | bool | None] = {name: getattr(support, name) for name in PLAIN_FIELDS}
    fields |= {name: blob[name] for name in SEALED_AS_THEY_ARE}
    fields["nik"] = seal.open_nik(support.nik, keys.nik) if support.nik else blob["nik_given"]
    fields["phone"] = seal.open_phone(support.phone, keys.phone) if support.phone else blob["phone_given"]
    fields["birth_date"] = _birth_date(support, keys) or blob["birth_date_given"]
    fields["sex"] = support.sex or blob["sex_given"]
    fields["marital"] = support.marital or blob["marital_given"]
    fields["statement"] = None if support.statement is None else ("ya" if support.statement else "tidak")
    return fields


def open_blob(support: Support, keys: RowKeys) -> dict[str, str | None]:
    """The texts that are sealed whole, by name; None for blanks."""
    text = seal.open_text(support.sealed, support.pk, keys.text) if support.sealed else ""
    parts = text.split(FIELD_END)
    return {name: parts[i] or None if i < len(parts) else None for i, name in enumerate(SEALED_FIELDS)}


def _birth_date(support: Support, keys: RowKeys) -> str | None:
    if not support.birth_date:
        return None
    born: date = seal.open_birth_date(support.birth_date, keys.birth_date)
    return born.strftime("%d-%m-%Y")
