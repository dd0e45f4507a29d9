"""What an election, a pair, a window or a ruling may not be, each refusal with its sentence."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from candidates import queries, thresholds, windows, zones
from candidates.models import Election, Level, Pair, RuleSet, Ruling, Window
from candidates.rule_sets import RuleSet as Rules
from foundation.accounts.access import scopes
from foundation.accounts.matrix import MATRIX, Permission, Role
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.regions.codes import PROVINCE, REGENCY, kind_of, level_of, parent_of
from foundation.regions.models import Region
from foundation.regions.queries import children

# Beyond these a slip of the typing hand is certain.
EARLIEST_YEAR, LATEST_YEAR = 2004, 2100  # pasangan calon perseorangan exist since UU 12/2008
FARTHEST_ZONE = timedelta(hours=14)  # from UTC, of all places; PostgreSQL takes less than 16 hours
LONGEST_WINDOW = timedelta(days=731)
MOST_OPERATORS = 100
LONGEST_RULING_HOURS = 720  # rulings so far gave 24, 48 or 72 hours

# Whose head each level elects, by the kind of the region.
ELECTED_IN = {"provinsi": Level.GUBERNUR, "kabupaten": Level.BUPATI, "kota": Level.WALIKOTA}


def refuse_outside(by: User | None, permission: Permission, region: int) -> None:
    """Refuse a person who does not hold the permission in that region; the system holds all."""
    held = scopes(by, permission) if by else None
    if held is None or held.contains_region(region):
        return
    if held:
        message = _(
            "%(region)s di luar wilayah tugas Anda untuk: %(what)s. Mintalah KPU yang berwenang di sana."
        )
        words = {"region": _in_words(region), "what": permission.title}
    else:
        message = _("Peran Anda tidak mencakup: %(what)s. Yang berwenang: %(roles)s.")
        granted = [role.title for role in Role if permission in MATRIX[role]]
        words = {"what": permission.title, "roles": ", ".join(granted)}
    raise NotAllowed("outside_your_region", message % words)


def _in_words(code: int) -> str:
    """A region by its name; one that is unknown by its code."""
    found = Region.objects.filter(pk=code).values_list("name", flat=True).first()
    return found or _("Wilayah %(code)s") % {"code": code}


def region_of(level: str, code: int) -> Region:
    """The region an election is held in. Refuses one that is unknown or not of the level."""
    region = Region.objects.filter(pk=code).first()
    if region is None:
        message = _("Kode wilayah %(code)s tidak dikenal. Isi dengan kode Kemendagri, misalnya 6474.")
        raise Refused("region_unknown", message % {"code": code}, "region_id")
    if level not in Level.values:
        message = _("Jenis pemilihan “%(level)s” tidak dikenal. Pilih salah satu: %(known)s.")
        raise Refused("level_unknown", message % {"level": level, "known": ", ".join(Level.values)}, "level")
    kind = "provinsi" if level_of(code) == PROVINCE else kind_of(code)
    if ELECTED_IN.get(kind) != level:
        message = _("%(region)s tidak memilih %(level)s. Periksa kode wilayah dan jenis pemilihan.")
        words = {"region": region.name, "level": Level(level).label}
        raise Refused("region_not_of_level", message % words, "region_id")
    return region


def rule_set_of(code: str) -> RuleSet:
    """The newest version of a rule set. Refuses an unknown code."""
    found = queries.newest_rule_set(code)
    if found is None:
        known = ", ".join(sorted(set(RuleSet.objects.values_list("code", flat=True))))
        message = _("Kumpulan aturan “%(code)s” tidak dikenal. Pilih salah satu: %(known)s.")
        raise Refused("rule_set_unknown", message % {"code": code, "known": known}, "rule_set")
    return found


def areas_of(region: int, areas: Iterable[tuple[int, str]] | None) -> list[tuple[int, str]]:
    """The areas that count for the spread: as given, or those in force today. Refuses strangers and doubles.

    An area given without a name takes the one of the region table.
    """
    if areas is None:
        return list(children(region).values_list("code", "name"))
    given = [(code, " ".join(name.split())) for code, name in areas]
    for code, _name in given:
        if parent_of(code) != region:
            message = _(
                "Kode %(code)s bukan bagian langsung dari wilayah %(region)s. Periksa daftar wilayah."
            )
            raise Refused("area_outside", message % {"code": code, "region": region}, "areas")
    if len({code for code, _name in given}) != len(given):
        raise Refused(
            "area_twice", _("Ada kode wilayah yang tercantum dua kali. Hapus salah satunya."), "areas"
        )
    return _named(given)


def parents_of(region: int, parents: Iterable[int]) -> list[int]:
    """The kab/kota a region was split from. Refuses what is no other kab/kota of any edition."""
    codes = sorted(set(parents))
    known = Region.objects.filter(pk__in=codes, level=REGENCY).exclude(pk=region)
    strangers = set(codes) - set(known.values_list("pk", flat=True))
    if strangers:
        message = _("Kode %(code)s bukan kabupaten/kota lain. Isi dengan kode daerah induk.")
        raise Refused("parent_region_unknown", message % {"code": min(strangers)}, "parent_region_ids")
    return codes


def _named(areas: list[tuple[int, str]]) -> list[tuple[int, str]]:
    nameless = [code for code, name in areas if not name]
    names = dict(Region.objects.filter(pk__in=nameless).values_list("code", "name"))
    for code in nameless:
        if code not in names:
            message = _("Kode wilayah %(code)s tidak dikenal. Sertakan namanya, atau periksa kodenya.")
            raise Refused("area_unknown", message % {"code": code}, "areas")
    return [(code, name or names[code]) for code, name in areas]


def refuse_numbers(election: Election, areas: int) -> None:
    """Refuse a base, a number of areas, or an override that no election can have."""
    try:
        thresholds.requirement(queries.rules_of(election), election.level, election.base, areas)
    except thresholds.Impossible as error:
        raise Refused("impossible_number", str(error), error.field) from error
    if election.operators_allowed is not None and not 0 < election.operators_allowed <= MOST_OPERATORS:
        message = _("%(number)s operator tidak mungkin. Isi dengan angka 1 sampai dengan %(largest)s.")
        words = {"number": election.operators_allowed, "largest": MOST_OPERATORS}
        raise Refused("impossible_number", message % words, "operators_allowed")
    asked = {"override_minimum": election.base, "override_spread": areas}
    for field, largest in asked.items():
        number = getattr(election, field)
        if number is None:
            continue
        if not 0 < number <= largest:
            message = _("Angka %(number)s tidak mungkin. Isi dengan angka 1 sampai dengan %(largest)s.")
            raise Refused("impossible_number", message % {"number": number, "largest": largest}, field)
        if not election.override_decree:
            message = _("Angka resmi yang berbeda dari rumus memerlukan keputusan. Isi nomor keputusannya.")
            raise Refused("override_without_decree", message, "override_decree")


def refuse_voting_day(day: date) -> None:
    """Refuse a year that no election falls in."""
    if not EARLIEST_YEAR <= day.year < LATEST_YEAR:
        message = _("Tahun %(year)s tidak mungkin untuk sebuah pemilihan. Periksa tanggalnya.")
        raise Refused("impossible_date", message % {"year": day.year}, "voting_day")


def refuse_taken_name(pair: Pair) -> None:
    """Refuse a name that another pair of the election bears."""
    if Pair.objects.filter(election=pair.election, name__iexact=pair.name).exclude(pk=pair.pk).exists():
        message = _("Pasangan “%(name)s” sudah terdaftar pada pemilihan ini. Periksa daftar pasangan.")
        raise Refused("pair_name_taken", message % {"name": pair.name}, "name")


def refuse_unknown_stage(rules: Rules, stage: str) -> None:
    """Refuse a stage that the rule set does not have."""
    if stage in [one.key for one in rules.rounds]:
        return
    known = ", ".join(f"{one.key} ({one.title})" for one in rules.rounds)
    message = _("Tahap “%(stage)s” tidak ada dalam aturan pemilihan ini. Pilih salah satu: %(known)s.")
    raise Refused("stage_unknown", message % {"stage": stage, "known": known}, "stage")


def refuse_strange_times(**times: datetime) -> None:
    """Refuse a time without a zone or in none that exists, and years that no election falls in.

    The keywords are the fields.
    """
    for field, moment in times.items():
        if is_naive(moment):
            message = _("Waktu %(moment)s tidak menyebut zona. Tulis misalnya 2024-05-08T08:00:00+08:00.")
            raise Refused("time_without_zone", message % {"moment": moment.isoformat()}, field)
        if abs(moment.utcoffset()) > FARTHEST_ZONE:
            message = _("Waktu %(moment)s menyebut zona yang tidak ada. Tulis misalnya +08:00.")
            raise Refused("zone_unknown", message % {"moment": moment.isoformat()}, field)
        if not EARLIEST_YEAR <= moment.year < LATEST_YEAR:
            message = _("Tahun %(year)s tidak mungkin untuk sebuah pemilihan. Periksa tanggalnya.")
            raise Refused("impossible_date", message % {"year": moment.year}, field)


def refuse_empty_window(window: Window) -> None:
    """Refuse a window that never opens, has half a pair of daily hours, or a last day that does not open."""
    if window.opens_at >= window.closes_at:
        message = _("Waktu berakhir tidak lebih lambat daripada waktu dibuka. Perbaiki salah satunya.")
        raise Refused("window_ends_before_it_opens", message, "closes_at")
    if window.closes_at - window.opens_at > LONGEST_WINDOW:
        message = _("Masa ini lebih dari dua tahun. Periksa tahun pada waktu dibuka dan waktu berakhir.")
        raise Refused("window_too_long", message, "closes_at")
    hours = (window.daily_from, window.daily_until)
    if hours == (None, None):
        return
    if None in hours or window.daily_from >= window.daily_until:
        message = _(
            "Jam harian memerlukan jam buka dan jam tutup yang lebih lambat. Isi keduanya, misalnya 08.00 "
            "sampai 16.00."
        )
        raise Refused("daily_hours_empty", message, "daily_until")
    _refuse_closed_ends(window)


def _refuse_closed_ends(window: Window) -> None:
    """The first day must open before its hours end and the last day after they begin, or dates deceive."""
    zone = window.election.zone
    spanned = queries.as_window(window)
    first = windows.span_from(spanned, window.opens_at, zone)
    first_day = zones.local(window.opens_at, zone).date()
    if first is None or zones.local(first[0], zone).date() != first_day:
        message = _("Pada hari pertama, waktu dibuka jatuh setelah jam tutup harian. Perbaiki salah satunya.")
        raise Refused("first_day_empty", message, "opens_at")
    if zones.at(windows.last_day(spanned, zone), window.daily_from, zone) >= window.closes_at:
        message = _(
            "Pada hari terakhir, waktu berakhir jatuh sebelum jam buka harian. Perbaiki salah satunya."
        )
        raise Refused("last_day_empty", message, "closes_at")


def refuse_clash(window: Window) -> None:
    """Refuse a window that overlaps one of the same stage and kind of the same election."""
    clash = Window.objects.filter(
        election=window.election,
        pair=None,
        stage=window.stage,
        kind=window.kind,
        opens_at__lt=window.closes_at,
        closes_at__gt=window.opens_at,
    )
    clash = clash.exclude(pk=window.pk).first()
    if clash:
        zone = window.election.zone
        message = _(
            "Masa ini bertumpuk dengan masa yang sudah ada: %(start)s sampai %(end)s. Pilih waktu lain."
        )
        span = {"start": zones.say_start(clash.opens_at, zone), "end": zones.say_end(clash.closes_at, zone)}
        raise Refused("window_clash", message % span, "opens_at")


def refuse_withdrawn(pair: Pair) -> None:
    """Refuse to give time to a pair that has withdrawn."""
    if pair.status == "withdrawn":
        message = _("Pasangan “%(name)s” telah mengundurkan diri, sehingga tidak dapat diberi waktu lagi.")
        raise Refused("pair_withdrawn", message % {"name": pair.name})


def refuse_hours(hours: int) -> None:
    """Refuse a length that no ruling has."""
    if not 1 <= hours <= LONGEST_RULING_HOURS:
        message = _("%(hours)s jam tidak mungkin. Isi dengan angka 1 sampai dengan %(largest)s.")
        raise Refused(
            "impossible_number", message % {"hours": hours, "largest": LONGEST_RULING_HOURS}, "hours"
        )


def refuse_rows(ruling: Ruling) -> None:
    """Refuse a ruling whose rows do not fit what it opens, or that names uploads without covering them alone."""
    fills = ruling.opens != Ruling.Opens.HANDING_IN
    if ruling.covers == Ruling.Covers.FROZEN and fills:
        message = _(
            "Jumlah baris tetap berarti hanya penyerahan yang dibuka. Pilih “Penyerahan dukungan”, atau pilih "
            "cakupan baris yang lain."
        )
        raise Refused("rows_do_not_fit", message, "opens")
    if ruling.covers in (Ruling.Covers.NEW, Ruling.Covers.NAMED, Ruling.Covers.ROWS) and not fills:
        message = _(
            "Cakupan baris itu memerlukan masa pengisian, padahal yang dibuka hanya penyerahan. Buka juga "
            "pengisian, atau pilih “Jumlah baris tetap”."
        )
        raise Refused("rows_do_not_fit", message, "covers")
    if (ruling.covers == Ruling.Covers.NAMED) is not bool(ruling.upload_ids):
        message = _(
            "Unggahan disebut jika dan hanya jika cakupannya “Hanya baris dari unggahan tertentu”. Pilih paling "
            "sedikit satu unggahan, atau kosongkan pilihannya."
        )
        raise Refused("rows_do_not_fit", message, "uploads")
    if (ruling.covers == Ruling.Covers.ROWS) is not bool(ruling.row_count):
        message = _(
            "Daftar baris diisi jika dan hanya jika cakupannya “Hanya baris yang disebut satu per satu”. Isi paling "
            "sedikit satu baris, atau kosongkan daftarnya."
        )
        raise Refused("rows_do_not_fit", message, "rows")


def refuse_approval(ruling: Ruling, by: User) -> None:
    """Refuse whom ``refuse_decision`` refuses, who proposed it, the same person twice, and what has no document."""
    refuse_decision(ruling, by)
    if ruling.first_approved_by_id == by.pk:
        message = _(
            "Anda sudah menyetujui surat ini. Persetujuan kedua harus diberikan orang lain di KPU RI."
        )
        raise Refused("approved_by_the_same_person", message)
    attached_by = ruling.attachment.created_by_id if ruling.attachment_id else None
    if by.pk in (ruling.created_by_id, attached_by):
        message = _(
            "Anda sendiri yang mengusulkan atau melampirkan surat ini. Persetujuan diberikan dua orang lain di KPU RI."
        )
        raise Refused("approved_by_the_proposer", message)
    refuse_without_letter(ruling)


def refuse_decision(ruling: Ruling, by: User) -> None:
    """Refuse who is not of KPU RI, and anything after the second approval or once it was taken back."""
    refuse_outside(by, Permission.APPROVE_RULING, ruling.pair.election.region_id)
    _refuse_taken_back(ruling)
    if ruling.approved:
        raise Conflict(
            "ruling_already_approved", _("Surat ini sudah disetujui dua orang. Muat ulang halaman.")
        )


def refuse_without_letter(ruling: Ruling) -> None:
    """Refuse what nobody can read: a ruling of which only the number is known."""
    if ruling.attachment_id is None:
        message = _(
            "Suratnya belum dilampirkan, sehingga tidak dapat diteruskan. Lampirkan PDF, JPG, atau PNG."
        )
        raise Refused("letter_missing", message)


def refuse_opening(ruling: Ruling, by: User | None) -> None:
    """Refuse a ruling without two approvals, and one that was opened or withdrawn before."""
    refuse_outside(by, Permission.MANAGE_WINDOWS, ruling.pair.election.region_id)
    _refuse_taken_back(ruling)
    refuse_withdrawn(ruling.pair)
    if not ruling.approved:
        message = _("Pembukaan menunggu persetujuan dua orang KPU RI. Mintalah persetujuan itu lebih dahulu.")
        raise Refused("ruling_not_approved", message)
    _refuse_opened(ruling)
    refuse_without_letter(ruling)


def refuse_withdrawal(ruling: Ruling, by: User | None) -> None:
    """Refuse to take back what has been opened, or was taken back before."""
    refuse_outside(by, Permission.MANAGE_WINDOWS, ruling.pair.election.region_id)
    _refuse_taken_back(ruling)
    _refuse_opened(ruling)


def _refuse_opened(ruling: Ruling) -> None:
    if ruling.windows.all():
        raise Conflict("ruling_already_opened", _("Surat ini sudah pernah dibuka. Muat ulang halaman."))


def _refuse_taken_back(ruling: Ruling) -> None:
    if ruling.withdrawn_at:
        message = _(
            "Usulan ini sudah ditarik, sehingga tidak dapat diteruskan. Ajukan usulan baru bila perlu."
        )
        raise Conflict("ruling_withdrawn", message)


def refuse_without_reason(reason: str, field: str) -> None:
    """Refuse an empty reason where the change has to be explained."""
    if not reason:
        raise Refused("reason_missing", _("Alasan belum diisi. Tulis alasannya dalam satu kalimat."), field)


def save(row: Model) -> None:
    """Save a row whose texts fit their columns and choices; refuse the first field that does not."""
    refuse_misfit(row)
    row.save()


def refuse_misfit(row: Model) -> None:
    """Refuse the first field of a row that does not fit its column or choices."""
    empty = {field.name for field in row._meta.fields if field.null and getattr(row, field.attname) is None}
    relations = {field.name for field in row._meta.fields if field.is_relation}
    try:
        row.clean_fields(exclude=empty | relations)
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        name = row._meta.get_field(field).verbose_name
        raise Refused("invalid", f"{str(name).capitalize()}: {' '.join(sentences)}", field) from error
