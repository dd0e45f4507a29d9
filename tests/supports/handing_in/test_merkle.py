"""The tree against the vectors of Certificate Transparency, and against RFC 6962's definition written out."""

import hashlib
import random

import pytest

from supports.handing_in import merkle

# The reference leaves and roots of Certificate Transparency's own tests (merkle_tree_test.cc).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]


def by_definition(hashes):
    """RFC 6962, 2.1, word for word: split at the largest power of two below the length."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return hashlib.sha256(b"\x01" + by_definition(hashes[:half]) + by_definition(hashes[half:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size):
    assert merkle.root_of(HASHES[:size]).hex() == ROOTS[size - 1]


def test_nothing_has_the_root_of_nothing():
    assert merkle.root_of([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_paths_are_those_of_certificate_transparency(index, size, path):
    assert [one.hex() for one in merkle.path_of(index, HASHES[:size])] == path


def test_every_leaf_of_every_tree_is_proved_and_no_other():
    hashes = [merkle.leaf_hash(bytes([number])) for number in range(70)]
    for size in range(1, 70):
        root = merkle.root_of(hashes[:size])
        assert root == by_definition(hashes[:size])
        for index in range(size):
            path = merkle.path_of(index, hashes[:size])
            assert merkle.root_by_path(index, size, hashes[index], path) == root
            assert merkle.root_by_path(index, size, hashes[index + 1], path) != root
            assert merkle.root_by_path(index, size, hashes[index], [*path, root]) is None


def test_a_place_outside_the_tree_is_proved_by_nothing():
    assert merkle.root_by_path(8, 8, HASHES[0], []) is None
    assert merkle.root_by_path(0, 8, HASHES[0], []) is None
    with pytest.raises(IndexError):
        merkle.path_of(8, HASHES)


def test_the_root_does_not_depend_on_the_portions_it_came_in():
    chance = random.Random(6962)
    hashes = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(5_000)]
    for _ in range(20):
        tree, rest = merkle.Tree(), list(hashes)
        while rest:
            count = chance.choice((0, 1, 2, 3, 7, 64, 1_000))
            tree.extend(rest[:count])
            del rest[:count]
        assert (tree.size, tree.root()) == (5_000, by_definition(hashes))
        # One node for each whole subtree, whatever the number of leaves.
        assert sum(len(level) for level in tree._waiting) == bin(5_000).count("1")
