"""The demo's accounts: the name to log in with, and whom it stands for (without Django, for the launcher)."""

ACCOUNTS = {
    "kpu-ri": "KPU RI",
    "kpu": "KPU Kota Bontang",
    "verifikator": "verifikator KPU Kota Bontang",
    "ppk": "PPK Bontang Utara",
    "pps": "PPS Bontang Kuala",
    "bawaslu": "Bawaslu Kota Bontang (pengawas)",
    "lo": "petugas penghubung (LO) pasangan pertama",
    "operator": "operator pasangan pertama",
    "operator2": "operator pasangan kedua",
}
# Made by ``manage.py play_bontang``: the team of the story of Bontang 2024.
STORY_ACCOUNT = "operator3"
