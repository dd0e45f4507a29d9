"""The frame around every page: where one is, who one is, where one can go, and how long it is open."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.announcements import shown_above_pages
from candidates.models import Announcement, Pair, Window
from candidates.queries import now, outages_that_last, pairs_visible_to, schedule_of
from candidates.templatetags.wording import span
from candidates.windows import WindowState
from candidates.zones import say_since
from foundation.accounts.access import assignments_of, lacks_second_step, may, scopes
from foundation.accounts.matrix import Permission, ScopeKind, title_of
from foundation.accounts.models import User
from foundation.regions.codes import PROVINCE, level_of
from foundation.regions.models import Region
from supports.help_desk.queries import COUNTED_TO, unseen_of, waiting_for
from supports.models import Submission
from supports.repairs.succession import why_none
from supports.retention.models import Destruction
from supports.retention.queries import destroyed_in

LAST_DAY, LAST_HOURS = timedelta(hours=24), timedelta(hours=2)


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; ``short`` fits under an icon on a phone, ``count`` is what waits there."""

    url: str
    icon: str
    title: str
    short: str
    current: bool
    count: str = ""


@dataclass(frozen=True)
class WindowLine:
    """The state of the window in words, and how pressing it is: "", "warn" or "bad".

    ``outage`` is the one that lengthened it, if one did.
    """

    sentence: str
    tone: str
    outage: int | None = None


class Frame:
    """Asked by templates only, part by part: a fragment, or a page without a frame, costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def user(self) -> User | None:
        """Who is logged in, if anybody."""
        user = getattr(self._request, "user", None)
        return user if user and user.is_authenticated else None

    @cached_property
    def pair(self) -> Pair | None:
        """The pair of this page (views leave it on the request), or the only pair its user works for."""
        here = getattr(self._request, "pair", None)
        if here or not self.user:
            return here
        held = scopes(self.user, Permission.VIEW_PAIR)
        if held.nation or held.regions or len(held.pairs) != 1:
            return None
        return pairs_visible_to(self.user).first()

    @cached_property
    def roles(self) -> list[str]:
        """The user's roles, each once, with the regions they are held in."""
        return [f"{role} · {place}" if place else role for role, place in self._posts]

    @cached_property
    def headline(self) -> str:
        """The election one works in, or one's own office."""
        if self.pair:
            return self.pair.election.name
        return ", ".join(dict.fromkeys(role for role, _place in self._posts))

    @cached_property
    def subline(self) -> str:
        """The pair one works on, or the territory."""
        if self.pair:
            return self.pair.name
        return ", ".join(dict.fromkeys(place for _role, place in self._posts if place))

    @property
    def practice(self) -> bool:
        """Whether this is training: said on every page."""
        here = getattr(self._request, "election", None) or (self.pair and self.pair.election)
        return bool(here and here.practice)

    @cached_property
    def window(self) -> WindowLine | None:
        """How long support can be handed in; while that was never scheduled, how long it can be filled in. Of a pair
        whose rounds have ended, why none comes any more.
        """
        if not self.pair:
            return None
        latest = self._latest_round(self.pair)
        if latest and latest.status == "closed" and (ended := why_none(latest)):
            return WindowLine(ended, "")
        schedule = getattr(self._request, "schedule", None)
        schedule = schedule or schedule_of(self.pair, latest.stage if latest else None)
        state = schedule.state(Window.Kind.HANDING_IN, self.moment)
        if state.opens_at is None:
            state = schedule.state(Window.Kind.FILLING, self.moment)
        return window_line(state, self.moment)

    def _latest_round(self, pair: Pair) -> Submission | None:
        """The one that the view read, where there is one."""
        if hasattr(self._request, "latest_round"):
            return self._request.latest_round
        rounds = Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND)
        latest = rounds.select_related("rule_set").order_by("-id").first()
        if latest:
            latest.pair = pair
        return latest

    @cached_property
    def moment(self) -> datetime:
        """Of this page, by the database's clock: the one by which its view judged, where there is one."""
        return getattr(self._request, "moment", None) or now()

    @cached_property
    def outage(self) -> str:
        """What is out of order in the pair's election now, since when; nothing when all is well."""
        if not self.pair:
            return ""
        outage = outages_that_last(self.pair.election_id).order_by("began_at").first()
        if outage is None:
            return ""
        since = say_since(outage.began_at, self.moment, self.pair.election.zone)
        message = _("Gangguan sedang ditangani sejak %(since)s. Yang terganggu: %(what)s.")
        return message % {"since": since, "what": outage.affected.rstrip(".")}

    @cached_property
    def may_recommend(self) -> bool:
        """Whether this user can recommend something about what the page shows."""
        return bool(self.user) and may(self.user, Permission.FILE_RECOMMENDATIONS)

    @cached_property
    def destroyed(self) -> Destruction | None:
        """After which nothing of this page's election can be opened any more, if its time has come."""
        here = getattr(self._request, "election", None) or (self.pair and self.pair.election)
        return destroyed_in(here.pk) if here else None

    @cached_property
    def announcements(self) -> list[Announcement]:
        """What stands above the pages of this user now."""
        return shown_above_pages(self.user, self.moment) if self.user else []

    @cached_property
    def nav(self) -> list[NavItem]:
        """Where this user can go from here; a phone shows the first four. Nowhere before the second step is set up."""
        if not self.user or lacks_second_step(self.user):
            return []
        items = []
        if may(self.user, Permission.VIEW_TERRITORY):
            items.append(self._item("territory", "map", _("Wilayah kerja"), _("Wilayah")))
        if may(self.user, Permission.VERIFY) or may(self.user, Permission.DEAL_WORK):
            title = _("Verifikasi administrasi")
            items.append(self._item("verification", "list-checks", title, _("Verifikasi")))
        if self._has_many_elections:
            items.append(self._item("move_windows", "calendar-range", _("Banyak pemilihan"), _("Massal")))
        if not self._has_one_pair:
            items.append(self._item("pairs", "list", _("Pasangan"), _("Pasangan")))
        if self.pair:
            items += self._pair_items(self.pair)
        if may(self.user, Permission.VIEW_MANDATES):
            items.append(self._item("mandate_list", "file-pen-line", _("Mandat"), _("Mandat")))
        items += [*self._help_items(), *self._recommendation_items()]
        items.append(self._item("schedules", "calendar-days", _("Jadwal tahapan"), _("Jadwal")))
        if may(self.user, Permission.GRANT_ROLES):
            items.append(self._item("staff", "user-cog", _("Petugas"), _("Petugas")))
        items += self._privacy_items()
        items.append(self._item("announcements", "megaphone", _("Pengumuman"), _("Info")))
        items.append(self._item("outages", "construction", _("Catatan gangguan"), _("Gangguan")))
        items.append(self._item("rules", "scale", _("Aturan pemeriksaan"), _("Aturan")))
        items.append(self._item("simulation", "calculator", _("Simulasi syarat"), _("Simulasi")))
        return items

    def _privacy_items(self) -> list[NavItem]:
        """What people ask about their data, who read it, and how long it is kept."""
        items = []
        if may(self.user, Permission.HANDLE_DATA_REQUESTS):
            title = _("Permohonan data pribadi")
            items.append(self._item("data_requests", "file-user", title, _("Data pribadi")))
        if may(self.user, Permission.VIEW_READINGS):
            items.append(self._item("reading_log", "eye", _("Log pembacaan"), _("Log")))
        if may(self.user, Permission.MANAGE_RETENTION):
            items.append(self._item("retention_list", "archive-x", _("Masa simpan identitas"), _("Retensi")))
        return items

    def _help_items(self) -> list[NavItem]:
        """The queue of questions, with how many wait at the own desk for who answers them."""
        if not (may(self.user, Permission.VIEW_HELP) and may(self.user, Permission.VIEW_TERRITORY)):
            return []
        queue = self._item("help_queue", "life-buoy", _("Meja bantuan"), _("Bantuan"))
        return [replace(queue, count=_counted(waiting_for(self.user)))]

    def _recommendation_items(self) -> list[NavItem]:
        """What Bawaslu recommends, for both sides."""
        if not may(self.user, Permission.VIEW_RECOMMENDATIONS):
            return []
        return [self._item("recommendations", "flag", _("Saran perbaikan"), _("Saran"))]

    def _results_items(self, pair: Pair) -> list[NavItem]:
        """What the rounds of the pair came to."""
        if not may(self.user, Permission.VIEW_RESULTS):
            return []
        return [self._item("pair_results", "file-check", _("Hasil verifikasi"), _("Hasil"), pair.pk)]

    def _pair_items(self, pair: Pair) -> list[NavItem]:
        title = _("Meja kerja") if self._has_one_pair else _("Ringkasan pasangan")
        items = [self._item("pair", "layout-dashboard", title, title.split()[0], pair.pk)]
        if may(self.user, Permission.VIEW_UPLOADS):
            items.append(self._item("uploads", "upload", _("Unggahan"), _("Unggahan"), pair.pk))
        if may(self.user, Permission.VIEW_SUPPORTS):
            items.append(self._item("supports", "users", _("Daftar pendukung"), _("Pendukung"), pair.pk))
        if pair.pk in scopes(self.user, Permission.VIEW_UPLOADS).pairs:
            items.append(self._item("pool", "archive", _("Cadangan dukungan"), _("Cadangan"), pair.pk))
        if pair.pk in scopes(self.user, Permission.EDIT_SUPPORTS).pairs:
            items.append(self._item("typing", "keyboard", _("Ketik pendukung"), _("Ketik"), pair.pk))
        if pair.pk in scopes(self.user, Permission.MANAGE_TYPISTS).pairs:
            items.append(self._item("typists", "users-round", _("Juru entri"), _("Juru entri"), pair.pk))
        if may(self.user, Permission.VIEW_FINDINGS):
            items.append(self._item("pair_rounds", "rotate-cw", _("Putaran"), _("Putaran"), pair.pk))
        if may(self.user, Permission.VIEW_PAPERS):
            items.append(self._item("papers", "files", _("Formulir"), _("Formulir"), pair.pk))
        if pair.pk in scopes(self.user, Permission.ASK_HELP).pairs:
            help_desk = self._item("pair_threads", "life-buoy", _("Bantuan KPU"), _("Bantuan"), pair.pk)
            items.append(replace(help_desk, count=_counted(unseen_of(self.user, pair))))
        return [*items, *self._pair_documents(pair)]

    def _pair_documents(self, pair: Pair) -> list[NavItem]:
        """Scans, rulings and changes of a pair."""
        items = []
        if may(self.user, Permission.VIEW_SUPPORT_SCANS) and self._governs(pair):
            items.append(self._item("support_scans", "scan-text", _("Pindaian"), _("Pindaian"), pair.pk))
        items.append(self._item("rulings", "gavel", _("Masa dan putusan"), _("Masa"), pair.pk))
        items += self._results_items(pair)
        if may(self.user, Permission.RECORD_PAIR_CHANGE):
            title = _("Pengunduran diri dan penggantian")
            items.append(self._item("pair_changes", "user-pen", title, _("Penggantian"), pair.pk))
        return items

    def _governs(self, pair: Pair) -> bool:
        held = scopes(self.user, Permission.VIEW_SUPPORT_SCANS)
        return pair.pk in held.pairs or held.contains_region(pair.election.region_id)

    def _item(self, name: str, icon: str, title: str, short: str, *args: int) -> NavItem:
        match = self._request.resolver_match
        return NavItem(reverse(name, args=args), icon, title, short, bool(match) and match.url_name == name)

    @cached_property
    def _has_many_elections(self) -> bool:
        held = scopes(self.user, Permission.MANAGE_WINDOWS)
        return held.nation or any(level_of(code) == PROVINCE for code in held.regions)

    @cached_property
    def _has_one_pair(self) -> bool:
        held = scopes(self.user, Permission.VIEW_PAIR)
        return not held.nation and not held.regions and len(held.pairs) == 1

    @cached_property
    def _posts(self) -> list[tuple[str, str]]:
        """Title of the role and name of its territory; "" for a pair, which is named elsewhere."""
        held = assignments_of(self.user) if self.user else ()
        codes = [scope for _role, kind, scope in held if kind == ScopeKind.REGION]
        names = dict(Region.objects.filter(pk__in=codes).values_list("code", "name"))
        places = {ScopeKind.NATION: _("Nasional"), ScopeKind.PAIR: ""}
        posts = [
            (title_of(role, scope), places.get(kind, names.get(scope, ""))) for role, kind, scope in held
        ]
        return list(dict.fromkeys(posts))


def _counted(number: int) -> str:
    """What a badge says: nothing for none, and no exact number when it is large."""
    return f"{COUNTED_TO}+" if number > COUNTED_TO else str(number or "")


def window_line(state: WindowState, moment: datetime) -> WindowLine:
    """The reason, the time left while it is open, and the tone: amber in the last day, then red."""
    if not state.open or state.closes_at is None:
        return WindowLine(state.reason, "", state.outage)
    left = state.closes_at - moment
    tone = "bad" if left <= LAST_HOURS else "warn" if left <= LAST_DAY else ""
    time_left = _("%(time)s lagi") % {"time": span(left)}
    return WindowLine(f"{state.reason.removesuffix('.')} · {time_left}", tone, state.outage)


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The context processor."""
    return {"frame": Frame(request)}
