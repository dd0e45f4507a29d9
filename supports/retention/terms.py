"""How long identities are kept, as data. Pure: no Django.

UU 27/2022 art. 42–44 (domain.md 9): processing ends when its purpose is reached; what is then destroyed, and when,
follows the archive schedule, except in a legal case. No act names a number of days for lists of supporters: these are
the system's own until KPU's archive schedule says another, which KPU RI enters for an election with its document.
"""

# From the voting day, by rule set: as long as the office that was elected lasts.
DAYS_KEPT = {
    "uu8-2015": 1826,
    "uu10-2016": 1826,
    "pkpu8-2024": 1826,
    "qanun12-2016": 1826,
}
OTHERWISE = 1826
# Drafts that were never handed in, from the day on which they could not be any more.
DRAFT_DAYS_KEPT = 90
# Before the end an election stands among those that end soon.
SOON_DAYS = 180
BASIS = (
    "UU 27/2022 Pasal 42–44: pemrosesan diakhiri setelah tujuannya tercapai, lalu data dimusnahkan menurut jadwal "
    "retensi, kecuali bila berkaitan dengan proses hukum."
)


def days_kept(rule_set: str) -> int:
    """The days after the voting day during which an election's identities are kept."""
    return DAYS_KEPT.get(rule_set, OTHERWISE)
