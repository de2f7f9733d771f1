"""What other courts printed, reproduced from the counts printed beside it; a print error is named as one.

Expected verdicts stand here by the number of each print; the digits themselves are the courts' (warehouse/printed_elsewhere.csv),
and tests/published/test_printed_rates.py holds them once more, transcribed by hand.
"""

from fractions import Fraction

import pytest

from warehouse.catalogue.documents import DefinitionError
from warehouse.reading.printed import half_unit, read_printed

HEAD = "id,court,first_day,last_day,metric,formula,inputs,rounded,printed,unit,source,note\n"


@pytest.fixture(scope="module")
def printed(catalogue):
    return {(one.row["id"], one.row["metric"]): one for one in read_printed(catalogue.metrics)}


@pytest.fixture
def one(catalogue, tmp_path):
    """`one("closing_rate_cn,,pending_start=1 filed=2 closed=1,no,33.33,percent")`: the verdict on a row of one's own."""

    def read(row):
        path = tmp_path / "printed.csv"
        path.write_text(f"{HEAD}X,court,,,{row},source,\n", "utf-8")
        (found,) = read_printed(catalogue.metrics, path)
        return found

    return read


def test_every_rate_of_whole_counts_is_the_printed_one_to_the_digit_but_for_one(printed):
    rates = {key: p for key, p in printed.items() if "/" in p.formula and p.row["rounded"] == "no"}
    odd = {key: (str(p.printed), str(p.ours), p.verdict) for key, p in rates.items() if p.verdict != "same"}
    # 140 / 152 = 0.921052…
    assert odd == {("CT095", "disposal_filing_ratio_cn"): ("92.12", "92.11", "print_error")}
    assert len(rates) == 37


def test_zhengzhou_is_reproduced_in_both_rates_both_readings_and_the_stock(printed):
    mine = {key[1]: (str(p.ours), p.verdict) for key, p in printed.items() if p.row["court"] == "郑州市两级法院"}
    assert mine == {"accepted_r1": ("158571", "same"), "pending_end": ("31644", "same"),
                    "closing_rate_cn": ("80.04", "same"), "disposal_filing_ratio_cn": ("86.65", "same")}  # fmt: skip


def test_a_rate_of_rounded_parts_is_right_within_their_rounding(printed):
    # 888.7 / 1458.6 is 60.93, printed 60.92; from 888.65 / 1458.65 = 60.923 to 888.75 / 1458.55 = 60.934
    found = printed["CT113", "closing_rate_cn"]
    assert (str(found.ours), found.verdict) == ("60.93", "within_rounding")
    assert (round(float(found.lowest), 3), round(float(found.highest), 3)) == (60.923, 60.934)


@pytest.mark.parametrize(("number", "residual"), [
    ("CT138", 0), ("CT142", 0), ("CT146", -38), ("CT150", -1680), ("CT154", 492), ("CT194", 87), ("CT196", 1873), ("CT198", -15),
    ("CT200", 4), ("CT202", -2495), ("CT204", 58), ("CT206", 92),
])  # fmt: skip
def test_a_stock_that_does_not_balance_is_told_with_its_residual_and_a_reason(printed, number, residual):
    # residuals as the dictionary of court statistics gives them (section 9)
    found = printed[number, "pending_end"]
    assert found.printed - found.ours == residual
    assert found.verdict == ("does_not_balance" if residual else "same")
    assert found.row["note"]


def test_every_print_has_its_source_and_sums_of_rounded_parts_are_within_rounding(printed):
    assert all(p.row["source"] for p in printed.values())
    rounded = {key: p.verdict for key, p in printed.items() if p.row["rounded"] == "yes"}
    assert set(rounded.values()) == {"within_rounding"} and len(rounded) == 8


@pytest.mark.parametrize(("row", "ours", "verdict"), [
    ("closing_rate_cn,,pending_start=1 filed=2 closed=1,no,33.33,percent", "33.33", "same"),
    ("closing_rate_cn,,pending_start=1 filed=2 closed=1,no,33.34,percent", "33.33", "print_error"),
    ("closing_rate_cn,,pending_start=1 filed=2 closed=1,no,33.3,percent", "33.3", "same"),
    # 1/8 = 12.5 %: half up is 13, and 12 is an error
    ("disposal_filing_ratio_cn,,filed=8 closed=1,no,13,percent", "13", "same"),
    ("disposal_filing_ratio_cn,,filed=8 closed=1,no,12,percent", "13", "print_error"),
    # from 1.95/4.05 = 48.1 % to 2.05/3.95 = 51.9 %
    ("disposal_filing_ratio_cn,,filed=4.0 closed=2.0,yes,51.9,percent", "50.0", "within_rounding"),
    ("disposal_filing_ratio_cn,,filed=4.0 closed=2.0,yes,52.0,percent", "50.0", "print_error"),
    ("pending_end,,pending_start=5 filed=4 closed=2 reopened=1,no,8,cases", "8", "same"),
    ("pending_end,,accepted=9 closed=2,no,8,cases", "7", "does_not_balance"),
    ("accepted_r1,,accepted=9 pending_start=4,no,9,cases", "9", "same"),
])  # fmt: skip
def test_verdicts_by_hand(one, row, ours, verdict):
    found = one(row)
    assert (str(found.ours), found.verdict) == (ours, verdict)


def test_half_a_unit_of_the_last_digit_is_what_rounding_may_have_taken():
    assert [half_unit(text) for text in ("888.7", "851.0", "60.92", "440")] == [
        Fraction(1, 20), Fraction(1, 20), Fraction(1, 200), Fraction(1, 2)]  # fmt: skip


@pytest.mark.parametrize(("row", "said"), [
    ("closing_rat_cn,,filed=1,no,1,percent", r"printed.csv:2: there is no metric \[closing_rat_cn\] and no formula. Nearest: closing_rate_cn"),
    ("closing_rate_cn,,filed=1 closed=1,no,1,percent", "needs pending_start. Add it to the inputs"),
])  # fmt: skip
def test_a_row_that_cannot_be_reckoned_is_named_with_its_mend(one, row, said):
    with pytest.raises(DefinitionError, match=said):
        one(row)
