"""The whole matrix, said a second time: a change of who may do what is made on purpose."""

import pytest

from foundation.accounts.matrix import ANY_USER, MATRIX, PUBLIC, SCOPE_KINDS, TOKEN_SCOPES, Permission, Role

ROLES = [
    "kpu_ri",
    "kpu_province",
    "kpu_regency",
    "verifier",
    "ppk",
    "pps",
    "bawaslu",
    "observer",
    "lo",
    "operator",
    "typist",
]
ALLOWED = {
    "view_election": "x x x x x x x x x x x",
    "create_election": "x x x . . . . . . . .",
    "change_election": "x x x . . . . . . . .",
    "manage_windows": "x x x . . . . . . . .",
    "approve_ruling": "x . . . . . . . . . .",
    "record_outage": "x x x . . . . . . . .",
    "create_pair": "x x x . . . . . . . .",
    "view_pair": "x x x x x x x x x x x",
    "view_progress": "x x x x x x x x x x x",
    "upload": ". . . . . . . . x x .",
    "view_uploads": "x x x x . . x . x x .",
    "view_report": "x x x . . . . . x x .",
    "view_supports": "x x x x x x x . x x x",
    "edit_supports": ". . . . . . . . x x x",
    "open_identity": "x x x x x x x . x x .",
    "view_findings": "x x x x x x x . x x x",
    "view_pair_matches": "x x x . . . . . . . .",
    "view_events": "x x x . . . x . . . .",
}
OPEN = {"see_home", "log_in", "simulate", "see_api_docs", "see_health", "view_rules", "view_outages"}
WITH_ACCOUNT = {"own_profile", "check_nik"}


def test_every_permission_is_decided():
    assert {permission.value for permission in Permission} == set(ALLOWED) | OPEN | WITH_ACCOUNT
    assert OPEN == PUBLIC
    assert WITH_ACCOUNT == ANY_USER


def test_every_role_is_decided():
    assert [role.value for role in Role] == ROLES
    assert set(MATRIX) == set(Role) == set(SCOPE_KINDS)


@pytest.mark.parametrize("role", Role)
def test_role_has_exactly_its_permissions(role):
    column = ROLES.index(role)
    expected = {name for name, marks in ALLOWED.items() if marks.split()[column] == "x"}
    assert MATRIX[role] == expected


def test_who_verifies_or_watches_never_changes_support_data():
    changing = {Permission.UPLOAD, Permission.EDIT_SUPPORTS}
    assert {role for role in Role if MATRIX[role] & changing} == {Role.LO, Role.OPERATOR, Role.TYPIST}


def test_a_read_token_changes_nothing():
    changing = {name for name in ALLOWED if not name.startswith("view_")}
    assert TOKEN_SCOPES["read"] & changing == set()
