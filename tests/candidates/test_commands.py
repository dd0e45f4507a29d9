"""The command line twins: the same operations, refusals in words."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Election, Pair, Window
from foundation.accounts.matrix import Role
from foundation.workflow.models import Event
from tests.candidates.making import make_election
from tests.foundation.accounts.people import somebody

BONTANG = (
    "--name=Pemilihan Wali Kota Bontang 2024", "--level=walikota", "--region=6474", "--rule-set=pkpu8-2024",
    "--base=131600", "--voting-day=2024-11-27",
)  # fmt: skip


def said(capsys, *args):
    call_command(*args)
    return capsys.readouterr().out


class TestRequirement:
    KUPANG = ("requirement", "--rule-set=pkpu8-2024", "--level=walikota", "--base=320659", "--areas=6")

    def test_the_sum_is_spelled_out(self, capsys):
        assert said(capsys, *self.KUPANG).splitlines() == [
            "PKPU Nomor 8 Tahun 2024 (dasar DPT), Pemilihan 2024",
            "Dasar: 320.659 pemilih dalam DPT",
            "lebih dari 250.000 sampai dengan 500.000 → 8,5 %",
            "320.659 × 8,5 % = 27.256,015 → dibulatkan ke atas 27.257",
            "6 kecamatan: lebih dari setengah → 4",
            "Syarat: 27.257 pendukung di paling sedikit 4 wilayah",
        ]

    def test_json_has_the_numbers(self, capsys):
        answer = json.loads(said(capsys, *self.KUPANG, "--json"))
        assert answer == {"permille": 85, "minimum": 27_257, "min_spread": 4}

    def test_impossible_numbers_are_named(self):
        with pytest.raises(CommandError, match=r"^base: Angka dasar 0 tidak mungkin"):
            call_command(*self.KUPANG[:3], "--base=0", "--areas=6")


@pytest.mark.django_db
class TestElection:
    def test_election_pair_and_window_in_somebody_s_name(self, capsys):
        officer = somebody(Role.KPU_REGENCY)
        name = f"--as={officer.username}"
        election = json.loads(said(capsys, "create_election", *BONTANG, name, "--json"))["id"]
        pair = json.loads(
            said(
                capsys, "create_pair", f"--election={election}", "--name=Pasangan Melati",
                "--head=Rangga Wiratama", "--deputy=Sekar Anjani", name, "--json",
            )
        )["id"]  # fmt: skip
        said_window = said(
            capsys, "open_window", f"--election={election}", "--kind=handing_in", "--opens=2024-05-08T08:00",
            "--closes=2024-05-12T23:59", "--daily=08:00-16:00", name,
        )  # fmt: skip
        window = Window.objects.get()
        assert said_window == (
            f"Masa {window.pk}: 8 Mei 2024 pukul 08.00 WITA – 12 Mei 2024 pukul 23.59 WITA\n"
        )
        assert window.opens_at == datetime(2024, 5, 8, 0, 0, tzinfo=UTC)
        assert window.closes_at == datetime(2024, 5, 12, 16, 0, tzinfo=UTC)
        assert Pair.objects.get(pk=pair).election_id == election
        assert set(Event.objects.values_list("name", "by_id")) == {
            ("election_created", officer.pk),
            ("pair_created", officer.pk),
            ("window_opened", officer.pk),
        }

    def test_the_requirement_is_told_and_where_it_differs(self, capsys):
        told = said(
            capsys, "create_election", *BONTANG, "--override-minimum=14000", "--override-decree=SK 1/2024",
            "--area=647401", "--area=647409=Bontang Lama",
        ).splitlines()  # fmt: skip
        election = Election.objects.get()
        assert told[0] == f"Pemilihan {election.pk}: Pemilihan Wali Kota Bontang 2024"
        assert told[-3:] == [
            "2 kecamatan: lebih dari setengah → 2",
            "Syarat: 14.000 pendukung di paling sedikit 2 wilayah",
            "Berbeda dari rumus, menurut SK 1/2024.",
        ]

    def test_a_refusal_ends_with_its_sentence(self):
        with pytest.raises(CommandError, match=r"^region_id: Kode wilayah 9999 tidak dikenal"):
            call_command("create_election", *BONTANG[:2], "--region=9999", *BONTANG[3:])
        assert not Election.objects.exists()

    def test_the_rights_of_the_person_hold(self):
        stranger = somebody((Role.KPU_REGENCY, "region", 6472))
        with pytest.raises(CommandError, match="di luar wilayah tugas Anda"):
            call_command("create_election", *BONTANG, f"--as={stranger.username}")

    def test_an_unknown_account_or_election_is_named(self):
        with pytest.raises(CommandError, match="Akun “siapa” tidak ada"):
            call_command("create_election", *BONTANG, "--as=siapa")
        with pytest.raises(CommandError, match="Pemilihan 999999 tidak ada"):
            call_command("create_pair", "--election=999999", "--name=A", "--head=B", "--deputy=C")

    def test_an_offset_that_is_given_is_kept(self):
        election = make_election()
        call_command(
            "open_window", f"--election={election.pk}", "--kind=filling",
            "--opens=2024-05-08T08:00+07:00", "--closes=2024-05-12T23:59+07:00",
        )  # fmt: skip
        window = Window.objects.get()
        assert window.opens_at == datetime(2024, 5, 8, 1, 0, tzinfo=UTC)
        # 23.59 in Jakarta is 00.59 in Bontang, an ordinary minute.
        assert window.closes_at == datetime(2024, 5, 12, 16, 59, tzinfo=UTC)
