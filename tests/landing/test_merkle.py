"""The tree of RFC 9162: the published reference vectors, the definition as the RFC writes it, and what holds at any size.

The vectors are those of the reference implementation of Certificate Transparency (RFC 6962 and 9162 share the tree).
"""

import hashlib

import pytest
from hypothesis import assume, settings
from hypothesis import given as generated
from hypothesis import strategies as st

from warehouse.intake.merkle import (
    MerkleTree,
    consistency_holds,
    consistency_proof,
    inclusion_holds,
    inclusion_proof,
    joint_proof,
    joint_root,
    leaf_hash,
    merkle_head,
    root_of,
)

ENTRIES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""By size, from 0."""
L0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N03 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
N47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
INCLUSION = {(0, 1): [], (0, 8): [L1, N23, N47], (5, 8): [L4, N67, N03], (2, 3): [N01], (1, 5): [L0, N23, L4]}
"""By index and size."""
CONSISTENCY = {(1, 1): [], (1, 8): [L1, N23, N47], (6, 8): [N45, N67, N03], (2, 5): [N23, L4]}
"""By old and new size."""

some = st.lists(st.binary(max_size=6), min_size=1, max_size=40, unique=True)


def hashes(texts):
    return [bytes.fromhex(text) for text in texts]


def tree_hash(entries):
    """MTH of section 2.1.1, as it is written there."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + tree_hash(entries[:k]) + tree_hash(entries[k:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_heads_are_those_of_the_reference_implementation(size):
    assert merkle_head(ENTRIES[:size]) == HEADS[size] == tree_hash(ENTRIES[:size]).hex()


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_inclusion_proofs_are_those_of_the_reference_implementation(index, size):
    leaves, path = [leaf_hash(entry) for entry in ENTRIES[:size]], hashes(INCLUSION[index, size])
    assert inclusion_proof(index, leaves) == path
    assert inclusion_holds(leaves[index], index, size, path, bytes.fromhex(HEADS[size]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_the_consistency_proofs_are_those_of_the_reference_implementation(old, new):
    path = hashes(CONSISTENCY[old, new])
    assert consistency_proof(old, [leaf_hash(entry) for entry in ENTRIES[:new]]) == path
    assert consistency_holds(old, bytes.fromhex(HEADS[old]), new, bytes.fromhex(HEADS[new]), path)


@settings(deadline=None)
@generated(st.lists(st.binary(max_size=6), max_size=70))
def test_the_head_is_the_merkle_tree_hash_of_the_rfc_at_every_size_on_the_way(entries):
    tree = MerkleTree()
    for size, entry in enumerate(entries):
        assert (tree.size, tree.root()) == (size, tree_hash(entries[:size]))
        tree.add(entry)
    assert root_of([leaf_hash(entry) for entry in entries]) == tree.root() == tree_hash(entries)


def test_a_copy_grows_apart():
    tree = MerkleTree()
    for entry in ENTRIES[:3]:
        tree.add(entry)
    other = tree.copy()
    other.add(ENTRIES[3])
    assert (tree.head(), other.head()) == (HEADS[3], HEADS[4])


@settings(deadline=None)
@generated(entries=some, data=st.data())
def test_every_entry_of_every_tree_is_proven_and_no_other_place_hash_or_head(entries, data):
    leaves, root = [leaf_hash(entry) for entry in entries], tree_hash(entries)
    index = data.draw(st.integers(0, len(entries) - 1))
    path = inclusion_proof(index, leaves)
    assert inclusion_holds(leaves[index], index, len(leaves), path, root)
    other = data.draw(st.integers(-3, len(entries) + 3).filter(lambda n: n != index))
    assert not inclusion_holds(leaves[index], other, len(leaves), path, root)
    assert not inclusion_holds(flipped(data, leaves[index]), index, len(leaves), path, root)
    assert not inclusion_holds(leaves[index], index, len(leaves), path, flipped(data, root))
    for broken in broken_paths(data, path):
        assert not inclusion_holds(leaves[index], index, len(leaves), broken, root)


@settings(deadline=None)
@generated(entries=some, data=st.data())
def test_every_tree_is_proven_to_extend_each_earlier_one_and_no_other(entries, data):
    leaves, new = [leaf_hash(entry) for entry in entries], tree_hash(entries)
    size, old_size = len(leaves), data.draw(st.integers(1, len(leaves)))
    old, path = tree_hash(entries[:old_size]), consistency_proof(old_size, leaves)
    assert consistency_holds(old_size, old, size, new, path)
    assert not consistency_holds(old_size, flipped(data, old), size, new, path)
    assert not consistency_holds(old_size, old, size, flipped(data, new), path)
    for broken in broken_paths(data, path):
        assert not consistency_holds(old_size, old, size, new, broken)
    # heads that belong to other sizes of this very tree
    other = data.draw(st.integers(0, size))
    assume(other != old_size)
    assert not consistency_holds(old_size, tree_hash(entries[:other]), size, new, path)
    assert not consistency_holds(other, tree_hash(entries[:other]), size, new, path) or other in (0, size)
    assert not consistency_holds(old_size, old, size, tree_hash(entries[:other]), path) or other == size


@settings(deadline=None)
@generated(entries=some, data=st.data())
def test_a_tree_in_which_an_early_entry_differs_does_not_extend_the_old_one(entries, data):
    old_size = data.draw(st.integers(1, len(entries)))
    at = data.draw(st.integers(0, old_size - 1))
    forged = [*entries[:at], entries[at] + b"!", *entries[at + 1 :]]
    path = consistency_proof(old_size, [leaf_hash(entry) for entry in forged])
    assert not consistency_holds(old_size, tree_hash(entries[:old_size]), len(entries), tree_hash(forged), path)


def test_every_tree_extends_the_empty_one_and_none_extends_a_greater_one():
    leaves = [leaf_hash(entry) for entry in ENTRIES]
    empty, root = hashes([HEADS[0], HEADS[8]])
    assert consistency_proof(0, leaves) == [] and consistency_holds(0, empty, 8, root, [])
    assert not consistency_holds(0, root, 8, root, []) and not consistency_holds(0, empty, 8, root, [root])
    assert not consistency_holds(9, root, 8, root, []) and not consistency_holds(8, root, 8, empty, [])
    for odd in (9, -1):
        with pytest.raises(IndexError):
            consistency_proof(odd, leaves)


@pytest.mark.parametrize("index", [-1, 8])
def test_there_is_no_proof_for_an_entry_that_is_not_there(index):
    with pytest.raises(IndexError):
        inclusion_proof(index, [leaf_hash(entry) for entry in ENTRIES])


@pytest.mark.parametrize("size", [5, 6, 9, 16, 1000])
def test_a_size_of_another_shape_fails(size):
    # A size whose path has the same shape (7, here) does not: sizes are no part of a hash, they come with the head.
    path = hashes(INCLUSION[5, 8])
    assert not inclusion_holds(leaf_hash(ENTRIES[5]), 5, size, path, bytes.fromhex(HEADS[8]))


def flipped(data, value):
    """The hash with one bit changed."""
    bit = data.draw(st.integers(0, 255))
    return (int.from_bytes(value) ^ 1 << bit).to_bytes(32)


def broken_paths(data, path):
    """The path with one hash changed, one left out, one too many."""
    yield [*path, hashlib.sha256(b"more").digest()]
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        yield [*path[:at], flipped(data, path[at]), *path[at + 1 :]]
        yield [*path[:at], *path[at + 1 :]]


# --- several leaves at once, and leaves added at once


@generated(some, st.data())
def test_a_joint_proof_leads_to_the_root_and_holds_no_hash_that_one_of_its_leaves_would_give(entries, data):
    leaves = [leaf_hash(entry) for entry in entries]
    wanted = data.draw(st.sets(st.integers(0, len(leaves) - 1), min_size=1))
    proof = joint_proof(wanted, leaves)
    known = {at: leaves[at] for at in wanted}
    assert joint_root(known, len(leaves), proof) == tree_hash(entries)
    alone = [set(inclusion_proof(at, leaves)) for at in wanted]
    assert set(proof) <= set.union(*alone) and len(proof) <= sum(map(len, alone))


@generated(some, st.data())
def test_a_joint_proof_of_one_leaf_is_its_inclusion_proof_in_another_order(entries, data):
    leaves = [leaf_hash(entry) for entry in entries]
    at = data.draw(st.integers(0, len(leaves) - 1))
    assert sorted(joint_proof([at], leaves)) == sorted(inclusion_proof(at, leaves))


@generated(some, st.data())
def test_a_joint_proof_fails_for_another_leaf_another_place_and_with_a_hash_too_few_or_too_many(entries, data):
    leaves = [leaf_hash(entry) for entry in entries]
    wanted = data.draw(st.sets(st.integers(0, len(leaves) - 1), min_size=1))
    proof, known, root = joint_proof(wanted, leaves), {at: leaves[at] for at in wanted}, root_of(leaves)
    some_at = min(wanted)
    assert joint_root({**known, some_at: leaf_hash(b"no entry is so long")}, len(leaves), proof) != root
    assert joint_root(known, len(leaves), [*proof, root]) is None
    assert joint_root(known, some_at, proof) is None
    if proof:
        assert joint_root(known, len(leaves), proof[:-1]) is None


@pytest.mark.parametrize("wanted", [[], [3], [-1]])
def test_there_is_no_joint_proof_of_leaves_that_are_not_there(wanted):
    with pytest.raises(IndexError):
        joint_proof(wanted, [leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")])


@generated(st.lists(st.integers(0, 3), max_size=6), some)
def test_leaves_added_at_once_give_the_tree_that_they_give_one_by_one(exponents, entries):
    tree, added, leaves = MerkleTree(), [], [leaf_hash(entry) for entry in entries] * 20
    for exponent in exponents:
        count = 1 << exponent
        if tree.size % count:
            with pytest.raises(ValueError, match="complete"):
                tree.add_complete(leaves[:count])
            continue
        tree.add_complete(leaves[:count])
        added += leaves[:count]
    tree.add_leaf(leaves[0])
    assert tree.root() == root_of([*added, leaves[0]]) and tree.size == len(added) + 1


@pytest.mark.parametrize("count", [0, 3])
def test_only_as_many_leaves_as_a_power_of_two_are_added_at_once(count):
    with pytest.raises(ValueError, match="complete"):
        MerkleTree().add_complete([leaf_hash(b"a")] * count)
