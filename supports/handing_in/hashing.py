"""The root over all rows of a round, and the file of its leaves: 1.2 million rows in seconds and flat memory."""

import struct
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import BinaryIO

from candidates.queries import now
from foundation import sql
from supports.handing_in.merkle import Tree
from supports.handing_in.reading import Sealing, hash_rows, open_portion, read_portions, sealing_of
from supports.models import Submission

# The file of leaves: for each row its id and its hash, in the order of ids.
LEAF_BYTES = 8 + 32
LEAVES_AT_ONCE = 25_000


@dataclass(frozen=True)
class Hashed:
    """Some rows: their ids, and their leaves."""

    ids: list[int]
    leaves: list[bytes]

    def as_bytes(self) -> bytes:
        """As the file of leaves holds them."""
        ids = struct.iter_unpack("8s", struct.pack(f">{len(self.ids)}q", *self.ids))
        return b"".join(chain.from_iterable(zip((one for (one,) in ids), self.leaves, strict=True)))


@dataclass(frozen=True)
class Root:
    """What a round held at one moment."""

    root: str
    rows: int
    at: datetime


def root_now(submission: Submission) -> Root:
    """The root over the rows of a round as they are now; the receipt's, if nothing changes until then.

    Seconds for a million rows. Outside a transaction it is of one moment; inside one, of that transaction's.
    """
    with sql.one_moment():
        at, tree = now(), Tree()
        for hashed in hashed_portions(submission):
            tree.extend(hashed.leaves)
    return Root(tree.root().hex(), tree.size, at)


def write_leaves(submission: Submission, write: Callable[[bytes], None], tell: Callable[[int], None]) -> Root:
    """Hash every row into ``write``, the file of leaves, telling how many are done."""
    at, tree = now(), Tree()
    for hashed in hashed_portions(submission):
        tree.extend(hashed.leaves)
        write(hashed.as_bytes())
        tell(tree.size)
    return Root(tree.root().hex(), tree.size, at)


def hashed_portions(submission: Submission) -> Iterator[Hashed]:
    """The rows of a round hashed; the next portion is read while one is hashed in another thread."""
    keys = sealing_of(submission)
    with ThreadPoolExecutor(1, "hashing") as beside:
        waiting: Future[Hashed] | None = None
        for portion in read_portions(submission):
            following = beside.submit(_hash, portion, keys)
            if waiting:
                yield waiting.result()
            waiting = following
        if waiting:
            yield waiting.result()


def _hash(portion: bytes, keys: Sealing) -> Hashed:
    opened = open_portion(portion, keys)
    return Hashed([int(one) for one in opened["id"].to_list()], hash_rows(opened))


def read_leaves(file: BinaryIO) -> Iterator[Hashed]:
    """What ``write_leaves`` wrote, portion by portion."""
    while data := file.read(LEAF_BYTES * LEAVES_AT_ONCE):
        rows = list(struct.iter_unpack(">q32s", data))
        yield Hashed([pk for pk, _leaf in rows], [leaf for _pk, leaf in rows])


def one_by_one(portions: Iterable[Hashed]) -> Iterator[tuple[int, bytes]]:
    """(id, leaf) of every row."""
    for hashed in portions:
        yield from zip(hashed.ids, hashed.leaves, strict=True)
