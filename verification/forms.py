"""What an office says when it deals rows, or decides many of them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.templatetags.wording import number
from foundation.accounts.models import User
from supports.findings import FindingCount
from supports.models import Submission, Upload
from verification.dealing import free_verifiers_of
from verification.deciding import MOST_NOTE, statuses_offered
from verification.models import Deal
from verification.reasons import REASONS


class DealForm(forms.Form):
    """Which rows go to whom, in which way: to the people who are ticked, or to everybody whose work it is there."""

    area = forms.TypedChoiceField(label=_("Wilayah"), coerce=int)
    way = forms.ChoiceField(label=_("Cara membagi"), choices=Deal.Way.choices, initial=Deal.Way.VILLAGE)
    everyone = forms.BooleanField(label=_("Semua verifikator, PPK, dan PPS di wilayah itu"), required=False)
    people = forms.ModelMultipleChoiceField(
        label=_("Atau hanya orang-orang ini"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        required=False,
    )

    def __init__(self, submission: Submission, people: list[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [(area.code, area.name) for area in submission.pair.election.areas.all()]
        self.fields["area"].choices = [(0, _("Seluruh wilayah pemilihan")), *areas]
        self.fields["people"].queryset = User.objects.filter(pk__in=[one.pk for one in people])
        self.fields["people"].choices = [(one.pk, str(one)) for one in people]
        self._submission = submission

    def clean(self) -> dict[str, Any]:
        """``people`` are all who get rows, whichever way they were chosen."""
        asked = self.cleaned_data
        if everyone := asked.pop("everyone", False):
            asked["people"] = free_verifiers_of(self._submission, asked.get("area", 0))
        if "people" in asked and not asked["people"]:
            nobody = _("Belum ada verifikator di wilayah itu.")
            self.add_error(
                "people", nobody if everyone else _("Pilih sedikitnya satu verifikator, atau semuanya.")
            )
        return asked


class BulkFilterForm(forms.Form):
    """Which rows; the names are those of the addresses of lists."""

    temuan = forms.ChoiceField(label=_("Temuan"), required=False)
    wilayah = forms.ChoiceField(label=_("Wilayah"), required=False)
    unggahan = forms.ChoiceField(label=_("Berkas"), required=False)

    def __init__(
        self,
        submission: Submission,
        findings: Iterable[FindingCount],
        uploads: Iterable[Upload],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one.code, f"{one.title} ({number(one.n)})") for one in findings if one.listed]
        areas = [(area.code, area.name) for area in submission.pair.election.areas.all()]
        self.fields["temuan"].choices = [("", _("Semua, dengan atau tanpa temuan")), *listed]
        self.fields["wilayah"].choices = [("", _("Seluruh wilayah")), *areas]
        self.fields["unggahan"].choices = [("", _("Semua berkas")), *((one.pk, one.name) for one in uploads)]


class BulkForm(forms.Form):
    """What is decided about the rows that were looked at."""

    status = forms.ChoiceField(label=_("Diputus"), error_messages={"required": _("Pilih MS, BMS, atau TMS.")})
    reasons = forms.MultipleChoiceField(
        label=_("Alasan, wajib untuk BMS dan TMS"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        choices=[(one.code, f"{one.title} ({', '.join(one.statuses)})") for one in REASONS],
    )
    note = forms.CharField(label=_("Catatan"), required=False, max_length=MOST_NOTE)
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, submission: Submission, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [
            ("", _("Pilih")),
            *((one, one) for one in statuses_offered(submission)),
        ]
