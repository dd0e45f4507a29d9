"""The whole matrix, said a second time: a change of who may do what is made on purpose."""

import pytest

from foundation.accounts.matrix import (
    ANY_USER,
    MATRIX,
    PUBLIC,
    READS,
    SCOPE_KINDS,
    TOKEN_SCOPES,
    Permission,
    Role,
)

ROLES = [
    "kpu_ri",
    "kpu_province",
    "kpu_regency",
    "verifier",
    "ppk",
    "pps",
    "pps_helper",
    "bawaslu",
    "observer",
    "lo",
    "operator",
    "typist",
]
ALLOWED = {
    "view_election": "x x x x x x x x x x x x",
    "create_election": "x x x . . . . . . . . .",
    "change_election": "x x x . . . . . . . . .",
    "manage_windows": "x x x . . . . . . . . .",
    "approve_ruling": "x . . . . . . . . . . .",
    "manage_retention": "x . . . . . . . . . . .",
    "record_outage": "x x x . . . . . . . . .",
    "create_pair": "x x x . . . . . . . . .",
    "announce": "x x x . . . . . . . . .",
    "record_pair_change": "x x x . . . . . . . . .",
    "receive_round": "x x x . . . . . . . . .",
    "view_pair_documents": "x x x . . . . x . x x .",
    "view_mandates": "x x x . . . . x . . . .",
    "decide_mandates": "x x x . . . . . . . . .",
    "view_pair": "x x x x x x x x x x x x",
    "view_progress": "x x x x x x x x x x x x",
    "view_territory": "x x x x x x x x x . . .",
    "upload": ". . . . . . . . . x x .",
    "view_uploads": "x x x x . . . x . x x .",
    "view_report": "x x x . . . . . . x x .",
    "view_supports": "x x x x x x x x . x x x",
    "edit_supports": ". . . . . . . . . x x x",
    "open_identity": "x x x x x x . x . x x .",
    "view_papers": "x x x x . . . x . x x .",
    "print_papers": ". . . . . . . . . x x .",
    "send_scans": ". . . . . . . . . x x .",
    "view_support_scans": "x x x x x x . x . x x .",
    "send_support_scans": ". . . . . . . . . x x .",
    "fetch_support_scans": "x x x . . . . . . x x .",
    "view_findings": "x x x x x x x x . x x x",
    "view_pair_matches": "x x x . . . . . . . . .",
    "view_events": "x x x . . . . x . . . .",
    "correct_decisions": "x x x . . . . . . . . .",
    "view_rolls": "x x x . . . . x . . . .",
    "load_rolls": "x x x . . . . . . . . .",
    "deal_work": "x x x . . . . . . . . .",
    "verify": ". x x x x x . . . . . .",
    "view_decisions": "x x x x x x . x . . . .",
    "close_round": "x x x . . . . . . . . .",
    "view_results": "x x x x x x . x . x x .",
    "view_readings": "x x x . . . . x . x . .",
    "handle_data_requests": "x x x . . . . . . . . .",
    "file_recommendations": ". . . . . . . x . . . .",
    "view_recommendations": "x x x . . . . x . . . .",
    "answer_recommendations": "x x x . . . . . . . . .",
    "grant_roles": "x x x . . x . x . . . .",
    "manage_typists": ". . . . . . . . . x x .",
    "hand_in": ". . . . . . . . . x x .",
    "download_rows": ". . . . . . . . . x x .",
    "view_help": "x x x . . . . x . x x x",
    "ask_help": ". . . . . . . . . x x x",
    "answer_help": "x x x . . . . . . . . .",
    "publish_answers": "x x x . . . . . . . . .",
}
OPEN = {
    "request_mandate",
    "view_receipt_keys",
    "read_announcements",
    "view_certificates",
    "check_own_data",
    "request_own_data",
    "see_home",
    "log_in",
    "simulate",
    "see_api_docs",
    "see_health",
    "view_rules",
    "view_outages",
    "view_schedule",
    "read_answers",
    "ask_as_citizen",
}
WITH_ACCOUNT = {"own_profile", "secure_account", "manage_tokens", "check_nik"}
# Whoever holds one of these logs in in two steps. A new permission is put here, or into READS, on purpose.
WRITES = {
    "create_election",
    "change_election",
    "manage_windows",
    "approve_ruling",
    "manage_retention",
    "record_outage",
    "create_pair",
    "announce",
    "record_pair_change",
    "receive_round",
    "load_rolls",
    "deal_work",
    "close_round",
    "correct_decisions",
    "verify",
    "decide_mandates",
    "handle_data_requests",
    "file_recommendations",
    "answer_recommendations",
    "grant_roles",
    "manage_typists",
    "hand_in",
    "download_rows",
    "upload",
    "edit_supports",
    "send_scans",
    "ask_help",
    "answer_help",
    "publish_answers",
    "send_support_scans",
}


def test_every_permission_is_decided():
    assert {permission.value for permission in Permission} == set(ALLOWED) | OPEN | WITH_ACCOUNT
    assert OPEN == PUBLIC
    assert WITH_ACCOUNT == ANY_USER


def test_every_permission_reads_or_writes():
    assert set(ALLOWED) - READS == WRITES
    assert set(ALLOWED) >= READS


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
    changing = {name for name in ALLOWED if not name.startswith("view_")} | {"manage_tokens"}
    assert TOKEN_SCOPES["read"] & changing == set()
