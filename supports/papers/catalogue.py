"""Which papers a pair prints and signs under its rule set, and what each is called. Pure: no Django."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SUBMISSION, NUMBER, RECAP, LIST = "submission", "number", "recap", "list"
# In the order in which they lie on the counter: the covering letter, the numbers, the lists.
TITLES = {
    SUBMISSION: "Surat penyerahan dukungan",
    NUMBER: "Jumlah dan sebaran dukungan",
    RECAP: "Rekapitulasi jumlah pendukung",
    LIST: "Daftar pendukung per desa/kelurahan",
}
# No layout was at hand when these were made, only what is known of each. A template that was laid beside the form
# itself is named here, and its pages are no longer marked.
OFFICIAL: frozenset[str] = frozenset()
UNSEEN = {
    SUBMISSION: "Isi menurut keterangan tentang formulir ini; bunyi dan tata letak aslinya belum dicocokkan.",
    NUMBER: "Isi menurut keterangan tentang formulir ini; bunyi dan tata letak aslinya belum dicocokkan.",
    RECAP: "Kolom menurut salinan formulir 2020; tata letak aslinya belum dicocokkan.",
    LIST: "Kolom menurut salinan formulir 2020; tata letak aslinya belum dicocokkan.",
}


@dataclass(frozen=True)
class Paper:
    """One paper of a rule set. ``code`` is the form's own, empty for a list that this law does not ask for.

    ``scanned``: its signed scan belongs to what is handed in. The lists are signed too, but given on paper.
    """

    purpose: str
    code: str
    title: str
    scanned: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return self.code or self.title

    @property
    def official(self) -> bool:
        """Whether the layout is the form's own."""
        return self.purpose in OFFICIAL

    @property
    def note(self) -> str:
        """What every page says while the layout is not the form's own."""
        return "" if self.official else UNSEEN[self.purpose]


def papers_of(form_set: Mapping[str, str]) -> list[Paper]:
    """The papers of a rule set's forms, by purpose → code; the list per desa is always there to work with."""
    return list(_papers(form_set))


def paper_of(form_set: Mapping[str, str], purpose: str) -> Paper:
    """One of them. KeyError when the set has none for this purpose."""
    return {paper.purpose: paper for paper in papers_of(form_set)}[purpose]


def _papers(form_set: Mapping[str, str]) -> Iterator[Paper]:
    for purpose, title in TITLES.items():
        code = form_set.get(purpose, "")
        if code or purpose == LIST:
            yield Paper(purpose, code, title, scanned=bool(code) and purpose != LIST)
