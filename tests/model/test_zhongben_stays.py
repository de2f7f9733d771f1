"""model.zhongben_stays: from a 终本 closing until what happens to the chain next (dictionary, section 6)."""

# The drawings keep their form.
# fmt: off


def test_a_resumption_ends_the_stay_of_the_case_that_was_closed(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        b        | 执恢      | 2016-04-01    | 2016-05-02 | zhongben       | a
    """)
    expect("model.zhongben_stays", """
        case_key | opened_on  | root_case_key | in_from    | in_until   | exit_reason | exit_case_key
        a        | 2016-01-04 | a             | 2016-02-10 | 2016-04-01 | resumed     | b
        b        | 2016-04-01 | a             | 2016-05-02 |            |             |
    """)


def test_a_result_that_ends_the_claim_ends_the_stay_and_no_other_result_does(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben
        b        | 执        | 2016-01-04    | 2016-02-10 | zhongben
        c        | 执        | 2016-01-04    | 2016-02-10 | zhongben
        d        | 执        | 2016-01-04    | 2016-02-10 | zhongben
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        a        | 2016-03-01 | satisfied
        b        | 2016-03-02 | terminated
        c        | 2016-03-03 | to_bankruptcy
        d        | 2016-03-04 | property_inquiry
        d        | 2016-03-05 | voluntary
        d        | 2016-03-06 | audit_passed
        d        | 2016-03-07 | petition_closed
    """)
    expect("model.zhongben_stays", """
        case_key | in_from    | in_until   | exit_reason   | exit_case_key
        a        | 2016-02-10 | 2016-03-01 | satisfied     | a
        b        | 2016-02-10 | 2016-03-02 | terminated    | b
        c        | 2016-02-10 | 2016-03-03 | to_bankruptcy | c
        d        | 2016-02-10 |            |               |
    """)


def test_a_result_of_an_older_case_takes_the_chain_out_and_one_before_the_closing_does_not(given, expect):
    # b was closed last; what is told of a, on the day of that closing and later, is told of the claim
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        b        | 执恢      | 2016-04-01    | 2016-05-02 | zhongben       | a
        c        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        d        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        a        | 2016-06-01 | satisfied
        c        | 2016-02-09 | satisfied
        d        | 2016-02-10 | satisfied
    """)
    expect("model.zhongben_stays", """
        case_key | in_from    | in_until   | exit_reason | exit_case_key
        a        | 2016-02-10 | 2016-04-01 | resumed     | b
        b        | 2016-05-02 | 2016-06-01 | satisfied   | a
        c        | 2016-02-10 |            |             |
        d        | 2016-02-10 | 2016-02-10 | satisfied   | d
    """)


def test_only_the_first_exit_counts(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        b        | 执恢      | 2016-04-01    |            |                | a
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        a        | 2016-03-01 | to_bankruptcy
        a        | 2016-03-01 | satisfied
        a        | 2016-03-09 | terminated
    """)
    expect("model.zhongben_stays", """
        case_key | in_from    | in_until   | exit_reason
        a        | 2016-02-10 | 2016-03-01 | satisfied
    """)


def test_a_case_opened_again_under_its_own_number_leaves_and_comes_back_with_the_next_closing(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | reopened_on | closed_on  | closing_manner
        a        | 执        | 2016-01-04    | 2016-04-01  | 2016-05-02 | zhongben
    """)
    given("model.case_spells", """
        case_key | opened_as | opened_on  | closed_on  | closing_effect
        a        | filed     | 2016-01-04 | 2016-02-10 | zhongben
        a        | reopened  | 2016-04-01 | 2016-05-02 | zhongben
    """)
    expect("model.zhongben_stays", """
        case_key | opened_on  | in_from    | in_until   | exit_reason
        a        | 2016-01-04 | 2016-02-10 | 2016-04-01 | resumed
        a        | 2016-04-01 | 2016-05-02 |            |
    """)


def test_a_chain_closed_once_more_while_it_is_in_the_pool_begins_another_stay(given, expect):
    # b resumes a before a was closed: both closings find the chain, the later one takes over
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-03-10 | zhongben       |
        b        | 执恢      | 2016-02-01    | 2016-04-11 | zhongben       | a
    """)
    expect("model.zhongben_stays", """
        case_key | in_from    | in_until   | exit_reason  | exit_case_key
        a        | 2016-03-10 | 2016-04-11 | closed_again | b
        b        | 2016-04-11 |            |              |
    """)
