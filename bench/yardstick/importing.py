"""A CSV through django-import-export, with everything off that costs time."""

import time
from pathlib import Path

from django.db import connections
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import CharWidget
from tablib import Dataset

from bench.failed import Failed
from bench.yardstick.models import PlainSupport
from supports.synthetic import HEADINGS

COLUMNS = dict(
    zip((field.name for field in PlainSupport._meta.fields if not field.primary_key), HEADINGS, strict=True)
)


class PlainSupportResource(ModelResource):
    """Bulk mode; no diff, no validation, no look-up of existing rows, no record kept of any row."""

    class Meta:
        model = PlainSupport
        fields = tuple(COLUMNS)
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        clean_model_instances = False
        force_init_instance = True
        report_skipped = False
        store_instance = False
        store_row_values = False
        use_transactions = True


for _name, _heading in COLUMNS.items():
    PlainSupportResource.fields[_name] = Field(
        attribute=_name, column_name=_heading, widget=CharWidget(allow_blank=True)
    )


def make_table() -> None:
    """Create the yardstick's table, for the application's role to use."""
    table, role = PlainSupport._meta.db_table, connections["default"].settings_dict["USER"]
    with connections["owner"].schema_editor() as editor:
        editor.create_model(PlainSupport)
        editor.execute(f"GRANT SELECT, INSERT, DELETE ON {table} TO {role}")
        editor.execute(f"GRANT SELECT, UPDATE, USAGE ON SEQUENCE {table}_id_seq TO {role}")


def import_seconds(path: Path, rows: int) -> float:
    """Seconds from the file to its committed rows; the table is empty before and after."""
    began = time.perf_counter()
    dataset = Dataset().load(path.read_text("utf-8"), format="csv")
    PlainSupportResource().import_data(dataset, raise_errors=True)
    seconds = time.perf_counter() - began
    imported = PlainSupport.objects.count()
    PlainSupport.objects.all().delete()
    if imported != rows:
        raise Failed(f"django-import-export stored {imported} rows of {rows}.")
    return seconds
