"""The Merkle tree of RFC 9162, section 2.1: heads, proofs that an entry is in it, proofs that it only grew.

Belongs here: pure functions over hashes. Does not belong here: what an entry is, and where it is kept. The size of a tree is no
part of its hash, so whoever is shown a proof must have the size from where the head comes from.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The head of a tree without entries."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry, prefix 0x00 (2.1.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees, prefix 0x01 (2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """A tree grown leaf by leaf: its head at any size, from complete subtrees alone, which are at most log2(size) hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[tuple[int, bytes]] = []
        """Complete subtrees from left to right, as (leaves, hash), sizes falling."""

    def add(self, entry: bytes) -> None:
        """One more entry."""
        self.add_leaf(leaf_hash(entry))

    def add_leaf(self, leaf: bytes) -> None:
        """One more entry, by its hash."""
        self.size += 1
        size, node = 1, leaf
        while self._complete and self._complete[-1][0] == size:
            _, left = self._complete.pop()
            size, node = size * 2, node_hash(left, node)
        self._complete.append((size, node))

    def add_complete(self, leaves: Sequence[bytes]) -> None:
        """More entries at once, by their hashes: as many as a power of two of which the size so far is a multiple.

        Raises:
            ValueError: they are not so many.
        """
        count, level = len(leaves), leaves
        if count == 0 or count & (count - 1) or self.size % count:
            raise ValueError(f"[{count}] leaves do not make a complete subtree after [{self.size}]")
        while len(level) > 1:
            level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
        size, node = count, level[0]
        while self._complete and self._complete[-1][0] == size:
            _, left = self._complete.pop()
            size, node = size * 2, node_hash(left, node)
        self._complete.append((size, node))
        self.size += count

    def copy(self) -> MerkleTree:
        """The same tree, to be grown apart from this one."""
        other = MerkleTree()
        other.size, other._complete = self.size, list(self._complete)
        return other

    def head(self) -> str:
        """The root hash in hex; that of nothing for an empty tree."""
        return self.root().hex()

    def root(self) -> bytes:
        """The root hash."""
        if not self._complete:
            return EMPTY
        *rest, (_, node) = self._complete
        for _, left in reversed(rest):
            node = node_hash(left, node)
        return node


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of a tree over hashes of entries."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.add_leaf(leaf)
    return tree.root()


def merkle_head(entries: Sequence[bytes]) -> str:
    """The head of a tree over `entries`, in hex."""
    return root_of([leaf_hash(entry) for entry in entries]).hex()


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that lead from leaf `index` (from 0) to the root over `leaves`, from the bottom up (2.1.3.1).

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf [{index}] in a tree of [{len(leaves)}]")
    if len(leaves) == 1:
        return []
    cut = _left_of(len(leaves))
    if index < cut:
        return [*inclusion_proof(index, leaves[:cut]), root_of(leaves[cut:])]
    return [*inclusion_proof(index - cut, leaves[cut:]), root_of(leaves[:cut])]


def inclusion_holds(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` leads from the leaf at `index` (from 0) to the root of a tree of `size` leaves (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, node = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = node_hash(other, node)
            at, last = _up_to_right_child(at, last)
        else:
            node = node_hash(node, other)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def joint_proof(wanted: Collection[int], leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that lead from several leaves at once to the root over `leaves`: of every subtree that holds none of them.

    From left to right, as `joint_root` takes them. For one leaf they are those of `inclusion_proof` in another order.

    Raises:
        IndexError: none is wanted, or there is no such leaf.
    """
    chosen = sorted(set(wanted))
    if not chosen or chosen[0] < 0 or chosen[-1] >= len(leaves):
        raise IndexError(f"there are no leaves {chosen[:3]} in a tree of [{len(leaves)}]")
    found: list[bytes] = []

    def walk(first: int, count: int, mine: list[int]) -> None:
        if not mine:
            found.append(root_of(leaves[first : first + count]))
        elif count > 1:
            cut = _left_of(count)
            at = bisect_left(mine, first + cut)
            walk(first, cut, mine[:at])
            walk(first + cut, count - cut, mine[at:])

    walk(0, len(leaves), chosen)
    return found


def joint_root(known: Mapping[int, bytes], size: int, path: Iterable[bytes]) -> bytes | None:
    """The root of a tree of `size` leaves of which some are known by their place (from 0); None where the path is no proof."""
    chosen, given = sorted(known), iter(path)
    if not chosen or chosen[0] < 0 or chosen[-1] >= size:
        return None

    def over(first: int, count: int, mine: list[int]) -> bytes:
        if not mine:
            return next(given)
        if count == 1:
            return known[first]
        cut = _left_of(count)
        at = bisect_left(mine, first + cut)
        left = over(first, cut, mine[:at])
        return node_hash(left, over(first + cut, count - cut, mine[at:]))

    try:
        root = over(0, size, chosen)
    except StopIteration:
        return None
    return root if next(given, None) is None else None


def consistency_proof(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that show that the tree over `leaves` extends the one over the first `old_size` of them (2.1.4.1).

    None where nothing was added, or where the old tree was empty: every tree extends that.

    Raises:
        IndexError: the old tree was greater.
    """
    if not 0 <= old_size <= len(leaves):
        raise IndexError(f"a tree of [{len(leaves)}] leaves does not extend one of [{old_size}]")
    return _subproof(old_size, leaves, is_whole=True) if old_size else []


def consistency_holds(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that a tree of `size` leaves extends the one of `old_size` leaves (2.1.4.2)."""
    if old_size == 0 or old_size == size:
        return not path and 0 <= old_size <= size and old_root == (root if old_size == size else EMPTY)
    if not 0 < old_size < size or not path:
        return False
    # The old tree was one complete subtree: its root stands for the first hash of the path.
    first, *rest = [old_root, *path] if old_size & (old_size - 1) == 0 else path
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = first
    for other in rest:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(other, old), node_hash(other, new)
            at, last = _up_to_right_child(at, last)
        else:
            new = node_hash(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == root


def _subproof(old_size: int, leaves: Sequence[bytes], is_whole: bool) -> list[bytes]:
    """SUBPROOF of 2.1.4.1; `is_whole`: the old tree's root is what the asker knows already."""
    if old_size == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    cut = _left_of(len(leaves))
    if old_size <= cut:
        return [*_subproof(old_size, leaves[:cut], is_whole), root_of(leaves[cut:])]
    return [*_subproof(old_size - cut, leaves[cut:], is_whole=False), root_of(leaves[:cut])]


def _left_of(size: int) -> int:
    """How many leaves stand in the left subtree: the greatest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _up_to_right_child(at: int, last: int) -> tuple[int, int]:
    """Past the levels on which a node has no sibling at the right edge of the tree."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last
