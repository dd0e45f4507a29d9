"""Frames as PostgreSQL's binary COPY: no number, uuid or blob is written as text here and read again there. Pure.

A column's values must be what the type of its target receives: whole numbers of its width, booleans, UTF-8, and raw
bytes for `bytea` and, sixteen of them, for `uuid` (binary COPY asks the receiving type alone).
"""

import polars as pl
from pgpq import ArrowToPostgresBinaryEncoder

# Signature, no flags, no extension (PostgreSQL's manual, COPY, "Binary Format"); what ends the rows.
BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"


def encode(frame: pl.DataFrame) -> bytes:
    """The rows of a frame, to stand between BEGIN and END with those of others."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    encoder = ArrowToPostgresBinaryEncoder(table.schema)
    encoder.write_header()  # it asks for this order; ours stands once before all frames
    parts = [encoder.write_batch(batch) for batch in table.to_batches()]
    parts.append(encoder.finish().removesuffix(END))
    # Mostly one part has it all: joined alone it is not copied.
    return b"".join([part for part in parts if part])
