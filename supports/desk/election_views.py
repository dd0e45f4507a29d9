"""Many elections from one table: upload, look at what each row becomes, create all of them."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from candidates.mass.election_cells import HEADINGS
from candidates.mass.new_elections import MOST_ROWS, create_elections, plan_elections
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Conflict, Refused
from foundation.web import add_refusal, workbook_response
from supports.desk.election_table import FILE_NAME, rows_of_file, template
from supports.desk.small_files import take_small_files

CELL_LENGTH = 300


class TableForm(forms.Form):
    """The table to be read."""

    file = forms.FileField(
        label=gettext_lazy("Tabel pemilihan (XLSX atau CSV)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )


@never_cache
@csrf_exempt  # checked in take_small_files: the check reads the body
@declare(Permission.CREATE_ELECTION)
def create_many(request: HttpRequest) -> HttpResponse:
    """The page: with a file it shows what each row becomes; with the digest of that, it creates them."""
    if request.method == "POST":
        take_small_files(request)
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    context: dict[str, Any] = {"form": form}
    if request.method == "POST":
        try:
            form.is_valid()
            rows = _rows(request)
            digest = request.POST.get("digest", "")
            if digest:
                made = create_elections(rows, digest=digest, by=request.user)
                messages.success(request, _("%(n)s pemilihan sudah dibuat.") % {"n": made.changed})
                return redirect("pairs")
        except Conflict as conflict:
            context["conflict"] = conflict.message
        except Refused as refusal:
            add_refusal(form, refusal)
        if not form.errors:
            _preview(request, form, context)
    status = 409 if context.get("conflict") else 422 if form.errors else 200
    return render(request, "desk/elections.html", context, status=status)


def _preview(request: HttpRequest, form: TableForm, context: dict[str, Any]) -> None:
    rows = _rows(request)
    try:
        plan = plan_elections(rows, by=request.user)
    except Refused as refusal:
        add_refusal(form, refusal)
        return
    context |= {"plan": plan, "rows": json.dumps(rows, ensure_ascii=False)}


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    """The rows of the file, or those that the preview was made from. Refuses neither."""
    kept = getattr(request, "table_rows", None)
    if kept is not None:
        return kept
    if "rows" in request.POST:
        request.table_rows = _sent(request.POST["rows"])
    elif "file" in request.FILES:
        request.table_rows = rows_of_file(request.FILES["file"])
    else:
        raise Refused(
            "file_missing", _("Belum ada berkas yang dipilih. Pilih tabelnya, lalu unggah."), "file"
        )
    return request.table_rows


def _sent(text: str) -> list[dict[str, Any]]:
    """The rows that a preview carried. Refuses what no preview of ours carries."""
    broken = Refused(
        "rows_broken", _("Pratinjau itu tidak utuh, jadi tidak ada yang dibuat. Unggah tabelnya lagi.")
    )
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise broken from error
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(map(_is_row, rows)):
        raise broken
    return rows


def _is_row(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("number"), int)
        and set(row) <= {"number", *HEADINGS}
        and all(
            isinstance(text, str) and len(text) <= CELL_LENGTH for key, text in row.items() if key != "number"
        )
    )


@declare(Permission.CREATE_ELECTION)
def election_template(request: HttpRequest) -> HttpResponse:
    """The table to be filled in."""
    return workbook_response(template(), FILE_NAME)
