"""docs/ says what the code says."""

import pytest
from django.conf import settings
from django.core.management import call_command

from silon.generated_docs import DOCUMENTS


@pytest.mark.parametrize(("name", "render"), DOCUMENTS, ids=[name for name, _render in DOCUMENTS])
def test_generated_document_is_current(name, render):
    assert (settings.BASE_DIR / name).read_text("utf-8") == render()


def test_check_exits_1_for_a_stale_document(tmp_path, settings, capsys):
    for name, render in DOCUMENTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(render(), "utf-8")
    settings.BASE_DIR = tmp_path
    call_command("generate_docs", check=True)
    stale = tmp_path / DOCUMENTS[0][0]
    stale.write_text("old", "utf-8")
    with pytest.raises(SystemExit) as exit_of:
        call_command("generate_docs", check=True)
    assert exit_of.value.code == 1
    assert DOCUMENTS[0][0] in capsys.readouterr().err
    call_command("generate_docs")
    assert stale.read_text("utf-8") == DOCUMENTS[0][1]()
