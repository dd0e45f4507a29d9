"""The hash tree of RFC 6962 (Certificate Transparency) over leaf hashes. Pure: the standard library only.

Leaves and inner nodes are hashed behind different bytes, and a list is split at the largest power of two below its
length: so a root stands for one list of leaves in one order, and a leaf is proved by about log2(n) hashes.
"""

import hashlib
from collections.abc import Iterable, Sequence

LEAF, NODE = b"\x00", b"\x01"
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's data."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash above two others."""
    return hashlib.sha256(NODE + left + right).digest()


class Tree:
    """A tree that grows at its right end; it keeps one hash for each of its whole subtrees, not its leaves."""

    def __init__(self) -> None:
        self.size = 0
        # On each level at most the one node that waits for its right neighbour.
        self._waiting: list[list[bytes]] = []

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes; the more at once, the less each costs."""
        nodes = list(leaves)
        self.size += len(nodes)
        level = 0
        while nodes:
            if level == len(self._waiting):
                self._waiting.append([])
            nodes = self._waiting[level] + nodes
            self._waiting[level] = nodes[-1:] if len(nodes) % 2 else []
            nodes = pairs_hashed(nodes)
            level += 1

    def root(self) -> bytes:
        """The hash of everything added so far."""
        root = b""
        for waiting in self._waiting:
            if waiting:
                root = node_hash(waiting[0], root) if root else waiting[0]
        return root or EMPTY


def pairs_hashed(nodes: Sequence[bytes]) -> list[bytes]:
    """The next level above these nodes; without the last one when it has no neighbour."""
    sha256 = hashlib.sha256
    return [
        sha256(NODE + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=False)
    ]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    tree = Tree()
    tree.extend(leaves)
    return tree.root()


def path_of(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes beside the way from one leaf to the root, from below. Raises IndexError for a leaf that is not."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path, nodes = [], list(leaves)
    while len(nodes) > 1:
        beside = index ^ 1
        if beside < len(nodes):
            path.append(nodes[beside])
        # A node without a neighbour goes up as it is.
        nodes = pairs_hashed(nodes) + (nodes[-1:] if len(nodes) % 2 else [])
        index //= 2
    return path


def root_by_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf at this place of a tree of ``size`` leaves leads to; None for a path that does not fit."""
    if not 0 <= index < size:
        return None
    node, last, rest = leaf, size - 1, list(path)
    while last:
        if index % 2 or index != last:
            if not rest:
                return None
            beside = rest.pop(0)
            node = node_hash(beside, node) if index % 2 else node_hash(node, beside)
        index, last = index // 2, last // 2
    return None if rest else node
