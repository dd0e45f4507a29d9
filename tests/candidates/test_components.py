"""The parts of the pages: nothing speaks by colour alone, and nothing needs inline style."""

import pytest
from django import forms

from candidates.templatetags import components
from foundation.workflow.table import JOB, MACHINES

STATES = [(machine, state) for machine in MACHINES for state in machine.states]


def test_every_state_of_the_table_has_an_icon_and_a_tone():
    assert set(components.LOOKS) == {(machine.name, state) for machine, state in STATES}


@pytest.mark.parametrize("state", JOB.states)
def test_badge_says_the_state_in_words_beside_its_icon(state):
    drawn = components.job_badge(state)
    assert drawn["text"] == JOB.states[state]
    assert "<svg" in components.icon(drawn["icon_name"])


@pytest.mark.parametrize("name", sorted({name for name, _tone in components.LOOKS.values()}))
def test_every_icon_exists_and_is_skipped_by_screen_readers(name):
    assert 'aria-hidden="true"' in components.icon(name)


def test_bar_never_leaves_its_whole():
    assert components.bar(30, 40, 20)["good_width"] == "60.000"
    assert components.bar(30, 40, 20)["poor_width"] == "40.000"
    assert components.bar(0, 0)["good_width"] == "0.000"


class Choice(forms.Form):
    level = forms.CharField(label="Jenis")


def test_error_summary_links_to_the_field():
    form = Choice({})
    form.fields["level"].error_messages["required"] = "Jenis belum diisi."
    drawn = components.error_summary(form)
    assert [(field.auto_id, error) for field, error in drawn["fields"]] == [
        ("id_level", "Jenis belum diisi.")
    ]


def test_field_with_an_error_is_marked_and_described():
    form = Choice({})
    control = components.form_field(form["level"])["control"]
    assert "is-invalid" in control
    assert 'aria-invalid="true"' in control
    assert "id_level_error" in control
