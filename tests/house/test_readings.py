"""Whatever opens identities for a person does it for a Reading on record; what opens them for a machine is named here.

A new place that opens something sealed fails here until it takes a ``reading``, records one, or says why it need not.
"""

import ast

from tests.house.tree import module_of, nodes, product_files

PRIMITIVES = {
    "open_niks", "open_nik", "open_phones", "open_phone", "open_birth_dates", "open_birth_date", "open_texts",
    "open_text", "open_file", "open_sealed", "open_sealed_parts", "open_anywhere",
}  # fmt: skip
# These open and hand on what they opened: whoever calls them is asked in their place.
HAND_ON = {
    "foundation.storage.open_file",
    "supports.handing_in.reading._opened_blob",
    "supports.help_desk.sealing.open_contact",
    "supports.help_desk.sealing.open_messages",
    "supports.handing_in.reading.open_portion",
    "supports.opening._birth_date",
    "supports.opening.open_blob",
    "supports.opening.open_row",
    "supports.papers.people._open",
    "supports.privacy.sealing._open",
    "supports.privacy.sealing.open_answer",
    "supports.privacy.sealing.open_note",
    "supports.privacy.sealing.open_told",
    "supports.privacy.sealing.person_behind",
    "supports.report.open_rows",
    "supports.scans.pictures._picture",
}
# The rest: who reads what they open, if anybody.
WITHOUT_A_READING = {
    "the person's own words, typed by them and given back to them": {
        "foundation.drafts.operations.read_draft",
        "supports.help_desk.showing.shown_to_citizen",
        "supports.privacy.letters._send",
        "supports.privacy.api.told_to_its_person",
        "supports.privacy.views.own_request",
    },
    "a check or a count by a machine: nothing that is opened leaves": {
        "foundation.attachments.operations.take_document",
        "foundation.pieces.finish_file",
        "supports.ages._opened",
        "supports.handing_in.checking._differences",
        "supports.handing_in.checking.check_stored_rows",
        "supports.handing_in.hashing._hash",
        "supports.jobs.ingest_upload._load",
        "verification.jobs.load_roll.load_roll",
        "supports.rows.edit_support",
        "supports.scans.intake.look_into",
        "supports.scans.manifests._lines",
        "supports.scans.manifests._waiting",
        "supports.scans.intake.take_apart",
        "supports.scans.reading._read",
    },
    "a picture too small to read": {
        "supports.scans.pictures.thumbnail",
    },
    "no supporter's: letters, secrets of accounts": {
        "foundation.accounts.sealing.open_secret",
        "foundation.mail.try_to_send",
        "supports.help_desk.letters._send_to_citizen",
    },
    "masked before it is shown: no more than the other columns give away": {
        "supports.listing.masked_niks",
        "supports.matches._masked",
        "supports.row_views._present",
        "supports.samples.open_samples",
        "supports.scans.queries.open_names",
    },
}
# Called by a page only through what records it.
ONLY_THROUGH = {
    "search_supports": {"supports.search.find_supports"},
    "list_matches": {"supports.matches.read_matches"},
}
# The one job that seals again what it opened.
SEALED_AGAIN = {"supports.papers.bundles._sealed_again"}


def functions():
    """Every function of the product by its full name, methods by that of their class; with what it calls itself."""
    for path in product_files():
        module = module_of(path)
        for node in nodes(path, ast.FunctionDef):
            yield f"{module}.{node.name}", node


def called(function):
    """The names of what a function calls, without the module they come from."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def takes_a_reading(function):
    """Whether nobody can call it without saying for which reading."""
    wanted = function.args
    given = zip(wanted.kwonlyargs, wanted.kw_defaults, strict=True)
    required = {one.arg for one, default in given if default is None}
    positional = wanted.args[: len(wanted.args) - len(wanted.defaults)]
    return "reading" in required | {one.arg for one in positional}


def records_one(function):
    return "record_reading" in set(called(function))


def opens(name, function):
    """Whether it calls something that opens; what is private to a module opens in that module only."""
    module = name.rpartition(".")[0]
    openers = set(PRIMITIVES)
    for one in HAND_ON:
        home, _, short = one.rpartition(".")
        if not short.startswith("_") or home == module:
            openers.add(short)
    return bool(set(called(function)) & openers)


def places():
    """Every function that opens something sealed, and does not hand it on."""
    return {
        name: function
        for name, function in functions()
        if not name.startswith("foundation.seal") and name not in HAND_ON and opens(name, function)
    }


def test_every_place_that_opens_identities_is_on_record_or_named():
    named = set().union(*WITHOUT_A_READING.values())
    loose = {
        name
        for name, function in places().items()
        if name not in named and not takes_a_reading(function) and not records_one(function)
    }
    assert loose == set()


def test_nothing_is_named_that_opens_nothing():
    known = dict(functions())
    assert set().union(*WITHOUT_A_READING.values()) <= set(places())
    assert set(known) >= HAND_ON


def test_readings_are_written_in_one_place():
    writers = {
        name
        for name, function in functions()
        if "Reading" in set(called(function)) and name != "foundation.readings.operations.record_reading"
    }
    assert writers == set()


def test_a_reading_is_left_out_only_where_the_paper_is_sealed_again():
    found = set()
    for name, function in functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                for one in node.keywords:
                    if one.arg == "reading" and isinstance(one.value, ast.Constant):
                        found.add(name)
    assert found == SEALED_AGAIN


def test_what_lists_people_is_called_through_what_records_it():
    for inner, outer in ONLY_THROUGH.items():
        callers = {name for name, function in functions() if inner in set(called(function))}
        assert callers == outer
