"""Workbooks for tests, byte by byte: what Excel and LibreOffice write, and what nobody should.

A sheet is a list of rows, a row a list of cells: texts, numbers, dates, truths, None, or ``Xml`` as it shall stand.
"""

import io
import struct
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
DAY_ZERO = date(1899, 12, 30)


class Xml(str):
    """A cell, or a whole row, as it shall stand in the sheet's XML."""


@dataclass
class Sheet:
    """One sheet; ``merges`` like "A1:B1", ``parts`` XML that replaces the rows."""

    rows: list = field(default_factory=list)
    name: str = "Sheet1"
    state: str = "visible"
    merges: tuple = ()
    dimension: str = ""
    parts: object = None


def letters(column):
    """The letters of a column, counted from 0."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def xlsx(*sheets, parts=(), shared=False, main="xl/workbook.xml"):
    """An XLSX of these sheets (a list of rows is one). ``parts``: more (name, bytes); ``shared``: shared strings."""
    sheets = [sheet if isinstance(sheet, Sheet) else Sheet(sheet) for sheet in sheets]
    strings = {} if shared else None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _content_types(len(sheets)))
        archive.writestr("_rels/.rels", _relations([("rId1", "officeDocument", main)]))
        listed = "".join(
            f'<sheet name={quoteattr(sheet.name)} sheetId="{i}" state="{sheet.state}" r:id="rId{i}"/>'
            for i, sheet in enumerate(sheets, 1)
        )
        archive.writestr(
            main, f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
        )
        related = [(f"rId{i}", "worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)]
        related += [("rIdS", "styles", "styles.xml"), ("rIdT", "sharedStrings", "sharedStrings.xml")]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(related))
        archive.writestr("xl/styles.xml", _STYLES)
        for i, sheet in enumerate(sheets, 1):
            with archive.open(f"xl/worksheets/sheet{i}.xml", "w", force_zip64=True) as part:
                for piece in sheet.parts or _sheet(sheet, strings):
                    part.write(piece.encode() if isinstance(piece, str) else piece)
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings or ())
        archive.writestr("xl/sharedStrings.xml", f'{XML}<sst xmlns="{MAIN}">{items}</sst>')
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


_STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs></styleSheet>'
)


def _content_types(sheets):
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{kind}.worksheet+xml"/>'
            for i in range(1, sheets + 1)
        )
        + "</Types>"
    )


def _relations(related):
    rows = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, kind, target in related
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def _sheet(sheet, strings):
    dimension = f'<dimension ref="{sheet.dimension}"/>' if sheet.dimension else ""
    yield f'{XML}<worksheet xmlns="{MAIN}">{dimension}<sheetData>'
    for number, row in enumerate(sheet.rows, 1):
        if isinstance(row, Xml):
            yield row
        elif row:
            cells = "".join(_cell(value, f"{letters(i)}{number}", strings) for i, value in enumerate(row))
            yield f'<row r="{number}">{cells}</row>'
    yield "</sheetData>"
    if sheet.merges:
        yield "<mergeCells>" + "".join(f'<mergeCell ref="{one}"/>' for one in sheet.merges) + "</mergeCells>"
    yield "</worksheet>"


def _cell(value, place, strings):
    if value is None:
        return ""
    if isinstance(value, Xml):
        return value
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str) and strings is not None:
        return f'<c r="{place}" t="s"><v>{strings.setdefault(value, len(strings))}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{1 + isinstance(value, datetime)}"><v>{serial(value)}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def serial(day):
    """Excel's number for a day, with the time as its fraction."""
    whole = (date(day.year, day.month, day.day) - DAY_ZERO).days
    return whole + (day.hour * 60 + day.minute) / 1440 if isinstance(day, datetime) else whole


def ods(*sheets, manifest="", parts=(), body=None):
    """An ODS of these sheets; ``manifest``: more XML in its manifest, ``body``: the tables as they shall stand."""
    sheets = [sheet if isinstance(sheet, Sheet) else Sheet(sheet) for sheet in sheets]
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in names)
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/>'
        "</style:style>"
        for name, shown in (("visible", "true"), ("hidden", "false"))
    )
    content = body or "".join(map(_ods_table, sheets))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            f'{XML}<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{kind}"/>{manifest}</manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f"{XML}<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{content}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
        for name, part in parts:
            archive.writestr(name, part)
    return out.getvalue()


def _ods_table(sheet):
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in sheet.rows)
    return f'<table:table table:name={quoteattr(sheet.name)} table:style-name="{sheet.state}">{rows}</table:table>'


def _ods_cell(value):
    if value is None:
        return "<table:table-cell/>"
    kind, attribute = "string", ""
    if isinstance(value, bool):
        kind, attribute = "boolean", f'office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, date):
        kind, attribute = "date", f'office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float)):
        kind, attribute = "float", f'office:value="{value!r}"'
    return (
        f'<table:table-cell office:value-type="{kind}" {attribute}><text:p>{escape(str(value))}</text:p>'
        "</table:table-cell>"
    )


def xls(*sheets, password=False, streams=()):
    """An XLS (BIFF8) of these sheets; ``password``: with the record that says it is encrypted."""
    sheets = [sheet if isinstance(sheet, Sheet) else Sheet(sheet) for sheet in sheets]
    bodies = [_biff_sheet(sheet) for sheet in sheets]
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    begin += _record(0x2F, bytes(54)) if password else b""
    begin += _record(0xE0, bytes(20)) + _record(0xE0, struct.pack("<HH16x", 0, 14))
    names = [sheet.name.encode("utf-16-le") for sheet in sheets]
    listed = sum(12 + len(name) for name in names)
    at, bounds = len(begin) + listed + 4, b""
    for sheet, name, body in zip(sheets, names, bodies, strict=True):
        state = {"visible": 0, "hidden": 1, "veryHidden": 2}[sheet.state]
        bounds += _record(0x85, struct.pack("<IBBBB", at, state, 0, len(name) // 2, 1) + name)
        at += len(body)
    return ole(("Workbook", begin + bounds + _record(0x0A) + b"".join(bodies)), *streams)


def _record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def _biff_sheet(sheet):
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            place = struct.pack("<HHH", row, column, isinstance(value, date))
            if isinstance(value, bool):
                body += _record(0x205, place + bytes((value, 0)))
            elif isinstance(value, str):
                text = value.encode("utf-16-le")
                body += _record(0x204, place + struct.pack("<HB", len(text) // 2, 1) + text)
            elif value is not None:
                number = serial(value) if isinstance(value, date) else value
                body += _record(0x203, place + struct.pack("<d", number))
    return body + _record(0x0A)


def ole(*streams):
    """A compound file with these (name, bytes) streams, in sectors of 512 bytes."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    padded = [content.ljust(4096, b"\0") for _, content in streams]
    padded = [content.ljust(-(-len(content) // 512) * 512, b"\0") for content in padded]
    directory = -(-(len(streams) + 1) // 4)
    sectors = [len(content) // 512 for content in padded]
    fats = next(n for n in count(1) if n * 128 >= n + directory + sum(sectors))
    entries = [table] * fats
    starts = []
    for size in (directory, *sectors):
        starts.append(len(entries))
        entries += [*range(len(entries) + 1, len(entries) + size), end]
    entries += [free] * (fats * 128 - len(entries))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, fats, starts[0], 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", *range(fats), *[free] * (109 - fats))
    listing = _entry("Root Entry", 5, 1 if streams else free, free, end, 0)
    for i, ((name, _), start, content) in enumerate(zip(streams, starts[1:], padded, strict=True), 1):
        listing += _entry(name, 2, free, i + 1 if i < len(streams) else free, start, len(content))
    listing = listing.ljust(directory * 512, b"\0")
    return head + struct.pack(f"<{len(entries)}I", *entries) + listing + b"".join(padded)


def _entry(name, kind, child, right, start, size):
    text = (name + "\0").encode("utf-16-le")
    return text.ljust(64, b"\0") + struct.pack(
        "<HBBIII36xIQ", len(text), kind, 1, 0xFFFFFFFF, right, child, start, size
    )
