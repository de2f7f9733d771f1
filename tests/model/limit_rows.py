"""A case for each row of statutory_limits.csv: when its limit ends, worked out by hand. No events but circumstances.

Here: the table that the spec of model.case_clocks and the slow clocks are both held to. Not here: any reckoning.
"""

from __future__ import annotations

DRAWN = """
limit      | from       | type   | procedure    | private | circumstance           | opened     | base due   | lawful due | worked out by hand
CIV-ORD-07 | 2008-04-01 | 民初   | ordinary     |         |                        | 2012-03-15 | 2012-09-17 | 2012-09-17 | + 6 months = 2012-09-15, a Saturday → Monday 17
CIV-ORD-07 | 2008-04-01 | 民撤   |              |         |                        | 2012-06-15 | 2012-12-17 | 2012-12-17 | + 6 months = 2012-12-15, a Saturday → Monday 17, before the law of 2013
CIV-ORD-12 | 2013-01-01 | 民初   | ordinary     |         |                        | 2013-01-01 | 2013-07-01 | 2013-07-01 | + 6 months = Monday
CIV-ORD-12 | 2013-01-01 | 民初   | ordinary     |         |                        | 2016-03-15 | 2016-09-18 | 2016-09-18 | + 6 months = 2016-09-15, a holiday (中秋) until 17; Sunday 18 works
CIV-ORD-12 | 2013-01-01 | 民撤   | simplified   |         |                        | 2016-02-29 | 2016-08-29 | 2016-08-29 | + 6 months = Monday
CIV-ORD-12 | 2013-01-01 | 民初   | ordinary     |         |                        | 2021-06-18 | 2021-12-20 | 2021-12-20 | + 6 months = 2021-12-18, a Saturday → Monday 20, before the law of 2022
CIV-ORD-21 | 2022-01-01 | 民初   | ordinary     |         |                        | 2022-01-04 | 2022-07-04 | 2022-07-04 | + 6 months = Monday
CIV-SIM-07 | 2008-04-01 | 民初   | simplified   |         |                        | 2014-10-15 | 2015-01-15 | 2015-01-15 | + 3 months = Thursday, before 2015-02-04
CIV-SIM-15 | 2015-02-04 | 民初   | simplified   |         |                        | 2015-02-04 | 2015-05-04 | 2015-05-04 | + 3 months = Monday after the holiday (劳动节) until 3
CIV-SIM-15 | 2015-02-04 | 民初   | fast_track   |         |                        | 2015-11-30 | 2016-02-29 | 2016-02-29 | + 3 months: no 30 February → 29, a Monday
CIV-SIM-15 | 2015-02-04 | 民初   | simplified   |         |                        | 2021-09-15 | 2021-12-15 | 2021-12-15 | + 3 months = Wednesday, before the law of 2022
CIV-SIM-21 | 2022-01-01 | 民初   | simplified   |         |                        | 2022-02-10 | 2022-05-10 | 2022-05-10 | + 3 months = Tuesday
CIV-SML-12 | 2013-01-01 | 民初   | small_claims |         |                        | 2013-01-15 | 2013-04-15 | 2013-04-15 | + 3 months = Monday
CIV-SML-12 | 2015-02-04 | 民初   | small_claims |         |                        | 2015-03-10 | 2015-06-10 | 2015-06-10 | + 3 months = Wednesday
CIV-SML-21 | 2022-01-01 | 民初   | small_claims |         |                        | 2022-03-01 | 2022-05-02 | 2022-05-02 | + 2 months = 2022-05-01, a Sunday → Monday 2: no holiday is listed for 2022
CIV-APP-J  | 1991-04-09 | 民终   |              |         |                        | 2016-04-12 | 2016-07-12 | 2016-07-12 | + 3 months = Tuesday
CIV-APP-R  | 1991-04-09 | 民终   |              |         | appeal_of_ruling       | 2014-12-01 | 2014-12-31 | 2014-12-31 | + 30 days = Wednesday, before 2015-02-04
CIV-APP-R  | 2015-02-04 | 民终   |              |         | appeal_of_ruling       | 2016-05-03 | 2016-06-02 | 2016-06-02 | + 28 days = 05-31, + 2 = Thursday
CIV-SPE    | 1991-04-09 | 民特   |              |         |                        | 2016-05-03 | 2016-06-02 | 2016-06-02 | + 30 days, no public notice
CIV-PAY    | 1991-04-09 | 民督   |              |         |                        | 2016-06-01 | 2016-06-16 | 2016-06-16 | + 15 days = Thursday
CIV-PSO    | 2016-03-01 | 民保令 |              |         |                        | 2016-09-12 | 2016-09-15 | 2016-09-15 | + 3 days = a holiday (中秋), which moves nothing here
CIV-PSO    | 2016-03-01 | 民保令 |              |         | urgent                 | 2016-09-14 | 2016-09-15 | 2016-09-15 | + 1 day = a holiday (中秋), which moves nothing here
CIV-BKR    | 2007-06-01 | 破申   |              |         |                        | 2016-11-04 | 2016-11-21 | 2016-11-21 | + 15 days = 2016-11-19, a Saturday → Monday 21; no receipt is known
CRI-PUB-96 | 1997-01-01 | 刑初   | ordinary     |         |                        | 2012-05-14 | 2012-06-14 | 2012-06-29 | + 1 month = Thursday; + half a month = 15 days = 29, a Friday
CRI-PUB-12 | 2013-01-01 | 刑初   | ordinary     |         |                        | 2013-01-01 | 2013-03-01 | 2013-04-01 | + 2 months = Friday; + 3 months = Monday
CRI-PUB-12 | 2013-01-01 | 刑初   | ordinary     |         |                        | 2016-03-15 | 2016-05-16 | 2016-06-15 | + 2 months = 2016-05-15, a Sunday → 16; + 3 months = Wednesday
CRI-PUB-12 | 2013-01-01 | 刑初   | ordinary     |         | detained               | 2016-03-15 | 2016-05-15 | 2016-06-15 | the same, detained: the Sunday moves nothing
CRI-PUB-12 | 2013-01-01 | 刑初   | ordinary     |         |                        | 2018-07-24 | 2018-09-24 | 2018-10-24 | + 2 months = Monday (no holiday is listed for 2018), + 3 = Wednesday, before 2018-10-26
CRI-PUB-18 | 2018-10-26 | 刑初   | ordinary     |         |                        | 2018-10-26 | 2018-12-26 | 2019-01-28 | + 2 months = Wednesday; + 3 months = 2019-01-26, a Saturday → 28
CRI-PRI-C  | 1997-01-01 | 刑初   | ordinary     | true    | detained               | 2012-05-16 | 2012-06-16 | 2012-07-01 | + 1 month = a Saturday; + 15 days = 30 + 1 = a Sunday; detained: not moved
CRI-PRI-C  | 2013-01-01 | 刑初   | ordinary     | true    | detained               | 2016-03-15 | 2016-05-15 | 2016-06-15 | + 2 months = a Sunday, not moved; + 3 months
CRI-PRI-C  | 2018-10-26 | 刑初   | ordinary     | true    | detained               | 2018-10-26 | 2018-12-26 | 2019-01-26 | + 2 months; + 3 months = a Saturday, not moved
CRI-SIM-96 | 1997-01-01 | 刑初   | simplified   |         |                        | 2012-05-14 | 2012-06-04 | 2012-06-04 | + 17 days = 05-31, + 3 = a Sunday → Monday 4
CRI-SIM-12 | 2013-01-01 | 刑初   | simplified   |         |                        | 2016-03-01 | 2016-03-21 | 2016-03-21 | + 20 days = Monday
CRI-SIM-12 | 2013-01-01 | 刑初   | simplified   |         | sentence_over_3_years  | 2016-03-01 | 2016-03-21 | 2016-04-18 | + 20 days; + 1 month = 04-01, + 15 days = 04-16, a Saturday → Monday 18
CRI-FST-18 | 2018-10-26 | 刑初   | fast_track   |         |                        | 2018-11-05 | 2018-11-15 | 2018-11-15 | + 10 days = Thursday
CRI-FST-18 | 2018-10-26 | 刑初   | fast_track   |         | sentence_over_1_year   | 2018-11-05 | 2018-11-15 | 2018-11-20 | + 10 days; + 15 days = Tuesday
CRI-FST-18 | 2018-10-26 | 刑初   | fast_track   |         | sentence_over_3_years  | 2018-11-05 | 2018-11-15 | 2018-11-15 | the other circumstance: no 15 days
CRI-PRI-F  | 1997-01-01 | 刑初   | ordinary     | true    |                        | 2012-03-15 | 2012-09-17 | 2012-09-17 | + 6 months = a Saturday → 17
CRI-PRI-F  | 2013-01-01 | 刑初   | ordinary     | true    |                        | 2016-03-15 | 2016-09-18 | 2016-09-18 | + 6 months = 中秋 → 18
CRI-APP-12 | 2013-01-01 | 刑终   |              |         |                        | 2016-04-12 | 2016-06-12 | 2016-06-12 | + 2 months = a Sunday that works
ADM-ORD-89 | 1990-10-01 | 行初   | ordinary     |         |                        | 2015-04-30 | 2015-07-30 | 2015-07-30 | filed on the last day of the old law: + 3 months = Thursday
ADM-ORD-14 | 2015-05-01 | 行初   | ordinary     |         |                        | 2015-05-01 | 2015-11-02 | 2015-11-02 | filed on the first day of the new one: + 6 months = a Sunday → Monday 2
ADM-SIM-14 | 2015-05-01 | 行初   | simplified   |         |                        | 2015-05-04 | 2015-06-18 | 2015-06-18 | + 27 days = 05-31, + 18 = Thursday
ADM-APP-89 | 1990-10-01 | 行终   |              |         |                        | 2015-04-30 | 2015-06-30 | 2015-06-30 | + 2 months = Tuesday
ADM-APP-14 | 2015-05-01 | 行终   |              |         |                        | 2015-05-01 | 2015-08-03 | 2015-08-03 | + 3 months = 2015-08-01, a Saturday → Monday 3
ADM-NLE    | 2012-01-01 | 行审   |              |         |                        | 2016-09-08 | 2016-09-18 | 2016-09-18 | + 7 days = 2016-09-15, 中秋 → 18
ADM-NLE    | 2012-01-01 | 行审   |              |         | plainly_unlawful       | 2016-09-08 | 2016-09-18 | 2016-10-08 | 7 days as above; + 22 days = 09-30, + 8 = a Saturday that works
ENF-1      | 1998-07-08 | 执     |              |         |                        | 2016-02-29 | 2016-08-29 | 2016-08-29 | + 6 months = Monday
ENF-1      | 1998-07-08 | 执恢   |              |         |                        | 2015-08-31 | 2016-02-29 | 2016-02-29 | + 6 months: no 31 February → 29, a Monday
ENF-NL     | 2000-09-28 | 执     |              |         | non_litigated_act      | 2016-01-31 | 2016-05-03 | 2016-05-03 | + 3 months: no 31 April → 30, a holiday (劳动节) until 05-02 → Tuesday 3
ENF-OBJ    | 2008-04-01 | 执异   |              |         |                        | 2016-06-01 | 2016-06-16 | 2016-06-16 | + 15 days = Thursday; no receipt is known
ENF-REC    | 2009-01-01 | 执复   |              |         |                        | 2016-05-03 | 2016-06-02 | 2016-06-02 | + 28 days = 05-31, + 2 = Thursday
RT-CIV     | 1991-04-09 | 民再   |              |         |                        | 2016-03-15 | 2016-09-18 | 2016-09-18 | + 6 months = 中秋 → 18
RT-CIV     | 1991-04-09 | 民再   |              |         | second_instance_procedure | 2016-04-12 | 2016-07-12 | 2016-07-12 | + 3 months = Tuesday
RT-CIV     | 1990-10-01 | 行再   |              |         |                        | 2015-04-30 | 2015-07-30 | 2015-07-30 | filed under the old law: + 3 months
RT-CIV     | 2015-05-01 | 行再   |              |         |                        | 2015-05-01 | 2015-11-02 | 2015-11-02 | filed under the new law: + 6 months = a Sunday → Monday 2
RT-CRI     | 1997-01-01 | 刑再   |              |         |                        | 2016-04-12 | 2016-07-12 | 2016-07-12 | + 3 months = Tuesday
RT-REV     | 2008-04-01 | 民申   |              |         |                        | 2016-04-12 | 2016-07-12 | 2016-07-12 | + 3 months = Tuesday
"""
"""Rows of limits that have a figure; the two that have none (CIV-FOR, CIV-VOTE) stand in the tests."""


def read_rows() -> list[dict[str, str]]:
    """The rows drawn, an empty cell as an empty text."""
    header, *lines = ([cell.strip() for cell in line.split("|")] for line in DRAWN.strip().splitlines())
    return [dict(zip(header, line, strict=True)) for line in lines]


ROWS = read_rows()
IDS = [f"{row['limit']} {row['type']}{row['circumstance'] and ' ' + row['circumstance']} {row['opened']}" for row in ROWS]
