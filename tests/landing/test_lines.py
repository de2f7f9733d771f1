"""The tree over the lines of a file: the same however its bytes come, and that of the RFC."""

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from warehouse.intake import lines
from warehouse.intake.lines import LineTree, lines_of
from warehouse.intake.merkle import merkle_head

text = st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\xe5", b",,"]), max_size=60).map(b"".join)


@generated(text, st.lists(st.integers(0, 30), max_size=6))
def test_it_is_the_tree_over_what_stands_between_line_feeds_however_the_bytes_come(content, cuts):
    begins = sorted({0, *(cut for cut in cuts if cut < len(content))})
    blocks = [content[a:b] for a, b in zip(begins, [*begins[1:], len(content)], strict=True)]
    told = lines_of(blocks)
    assert told == {"count": content.count(b"\n") + 1, "root": merkle_head(content.split(b"\n"))}


@generated(text)
def test_batches_change_nothing(content):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BATCH", 4)
        tree = LineTree()
        for at in range(0, len(content), 7):
            tree.feed(content[at : at + 7])
        assert tree.told() == lines_of([content])


def test_a_file_with_more_lines_than_a_batch():
    content = b"".join(b"%d\n" % number for number in range(10_000))
    assert lines_of([content[:33_333], content[33_333:]]) == {
        "count": 10_001, "root": merkle_head(content.split(b"\n")),
    }  # fmt: skip


def test_what_holds_a_nul_is_no_text_wherever_it_stands():
    assert lines_of([b"PK\x03\x04\x00\x00"]) is None
    assert lines_of([b"a\n", b"b\x00"]) is None


def test_an_empty_file_has_one_line():
    assert lines_of([]) == {"count": 1, "root": merkle_head([b""])}
