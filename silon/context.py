"""The frame around every page: where one is, who one is, where one can go, and how long it is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.models import Pair, Window
from candidates.queries import now, outages_that_last, pairs_visible_to, window_state
from candidates.templatetags.wording import span
from candidates.windows import WindowState
from candidates.zones import say_since
from foundation.accounts.access import may, scopes
from foundation.accounts.matrix import Permission, Role, ScopeKind
from foundation.accounts.models import User
from foundation.regions.models import Region
from supports.models import Submission

LAST_DAY, LAST_HOURS = timedelta(hours=24), timedelta(hours=2)


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; ``short`` fits under an icon on a phone."""

    url: str
    icon: str
    title: str
    short: str
    current: bool


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
        return bool(self.pair and self.pair.election.practice)

    @cached_property
    def window(self) -> WindowLine | None:
        """How long support can be handed in; while that was never scheduled, how long it can be filled in."""
        if not self.pair:
            return None
        latest = Submission.objects.filter(pair=self.pair, kind=Submission.Kind.ROUND).order_by("-id")
        stage = latest.values_list("stage", flat=True).first()
        state = window_state(self.pair, Window.Kind.HANDING_IN, stage)
        if state.opens_at is None:
            state = window_state(self.pair, Window.Kind.FILLING, stage)
        return window_line(state, now())

    @cached_property
    def outage(self) -> str:
        """What is out of order in the pair's election now, since when; nothing when all is well."""
        if not self.pair:
            return ""
        outage = outages_that_last(self.pair.election_id).order_by("began_at").first()
        if outage is None:
            return ""
        since = say_since(outage.began_at, now(), self.pair.election.zone)
        message = _("Gangguan sedang ditangani sejak %(since)s. Yang terganggu: %(what)s.")
        return message % {"since": since, "what": outage.affected.rstrip(".")}

    @cached_property
    def nav(self) -> list[NavItem]:
        """Where this user can go from here; a phone shows the first four."""
        if not self.user:
            return []
        items = []
        if not self._has_one_pair:
            items.append(self._item("pairs", "list", _("Pasangan"), _("Pasangan")))
        if self.pair:
            items += self._pair_items(self.pair)
        items.append(self._item("outages", "construction", _("Catatan gangguan"), _("Gangguan")))
        items.append(self._item("rules", "scale", _("Aturan pemeriksaan"), _("Aturan")))
        items.append(self._item("simulation", "calculator", _("Simulasi syarat"), _("Simulasi")))
        return items

    def _pair_items(self, pair: Pair) -> list[NavItem]:
        title = _("Meja kerja") if self._has_one_pair else _("Ringkasan pasangan")
        items = [self._item("pair", "layout-dashboard", title, title.split()[0], pair.pk)]
        if may(self.user, Permission.VIEW_UPLOADS):
            items.append(self._item("uploads", "upload", _("Unggahan"), _("Unggahan"), pair.pk))
        if may(self.user, Permission.VIEW_SUPPORTS):
            items.append(self._item("supports", "users", _("Daftar pendukung"), _("Pendukung"), pair.pk))
        if pair.pk in scopes(self.user, Permission.VIEW_UPLOADS).pairs:
            items.append(self._item("pool", "archive", _("Cadangan dukungan"), _("Cadangan"), pair.pk))
        items.append(self._item("rulings", "gavel", _("Masa dan putusan"), _("Masa"), pair.pk))
        return items

    def _item(self, name: str, icon: str, title: str, short: str, *args: int) -> NavItem:
        match = self._request.resolver_match
        return NavItem(reverse(name, args=args), icon, title, short, bool(match) and match.url_name == name)

    @cached_property
    def _has_one_pair(self) -> bool:
        held = scopes(self.user, Permission.VIEW_PAIR)
        return not held.nation and not held.regions and len(held.pairs) == 1

    @cached_property
    def _posts(self) -> list[tuple[str, str]]:
        """Title of the role and name of its territory; "" for a pair, which is named elsewhere."""
        held = list(self.user.assignments.all()) if self.user else []
        codes = [one.scope_id for one in held if one.scope_kind == ScopeKind.REGION]
        names = dict(Region.objects.filter(pk__in=codes).values_list("code", "name"))
        places = {ScopeKind.NATION: _("Nasional"), ScopeKind.PAIR: ""}
        posts = [
            (Role(one.role).title, places.get(one.scope_kind, names.get(one.scope_id, ""))) for one in held
        ]
        return list(dict.fromkeys(posts))


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
