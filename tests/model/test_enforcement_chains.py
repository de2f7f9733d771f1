"""model.enforcement_chains: one enforcement case (首次执行, 执恢) and the case at the root of its chain of resumptions."""

# The drawings keep their form.
# fmt: off

from itertools import pairwise


def test_a_chain_has_the_first_enforcement_at_its_root(given, expect):
    given("model.cases", """
        case_key | type_code | origin_case_key
        a        | 执        |
        b        | 执恢      | a
        c        | 执恢      | b
        d        | 执恢      | a
        e        | 执        |
    """)
    expect("model.enforcement_chains", """
        case_key | root_case_key | is_traced
        a        | a             | true
        b        | a             | true
        c        | a             | true
        d        | a             | true
        e        | e             | true
    """)


def test_other_classes_have_no_chain(given, expect):
    given("model.cases", """
        case_key | type_code | origin_case_key
        a        | 执        |
        b        | 执保      | a
        c        | 执异      | a
        d        | 民初      |
    """)
    expect("model.enforcement_chains", "case_key | root_case_key \n a | a")


def test_a_case_whose_origin_is_not_in_the_data_is_its_own_root(given, expect):
    given("model.cases", """
        case_key | type_code | origin_case_key
        a        | 执恢      | lost
        b        | 执恢      | lost
        c        | 执恢      | a
    """)
    expect("model.enforcement_chains", """
        case_key | root_case_key | is_traced
        a        | a             | true
        b        | b             | true
        c        | a             | true
    """)


def test_a_judgment_is_no_root(given, expect):
    # a first enforcement resumes nothing: the judgment in its 原案号 is where the claim comes from
    given("model.cases", """
        case_key | type_code | origin_case_key
        j        | 民初      |
        a        | 执        | j
        b        | 执恢      | a
    """)
    expect("model.enforcement_chains", """
        case_key | root_case_key
        a        | a
        b        | a
    """)


def test_a_circle_of_origins_ends_and_is_marked(given, expect):
    given("model.cases", """
        case_key | type_code | origin_case_key
        a        | 执恢      | b
        b        | 执恢      | a
        c        | 执恢      | e
        d        | 执恢      | c
        e        | 执恢      | d
        f        | 执        |
    """)
    expect("model.enforcement_chains", """
        case_key | is_traced
        a        | false
        b        | false
        c        | false
        d        | false
        e        | false
        f        | true
    """)


def test_a_case_that_names_itself_is_its_own_root(given, expect):
    given("model.cases", """
        case_key | type_code | origin_case_key
        a        | 执恢      | a
        b        | 执恢      | a
    """)
    expect("model.enforcement_chains", "case_key | root_case_key \n a | a \n b | a")


def test_a_chain_of_64_resumptions_is_traced_and_a_longer_one_is_marked(given, expect):
    names = [f"k{number:02}" for number in range(67)]
    rows = [f"{name} | 执恢 | {before}" for before, name in pairwise(names)]
    given("model.cases", "\n".join(["case_key | type_code | origin_case_key", "k00 | 执 |", *rows]))
    traced = [f"{name} | {'true' if number <= 64 else 'false'}" for number, name in enumerate(names)]
    expect("model.enforcement_chains", "\n".join(["case_key | is_traced", *traced]))


def test_a_void_case_does_not_break_the_chain(given, expect):
    given("model.cases", """
        case_key | type_code | origin_case_key | is_counted
        a        | 执        |                 | true
        b        | 执恢      | a               | false
        c        | 执恢      | b               | true
    """)
    expect("model.enforcement_chains", "case_key | root_case_key \n a | a \n b | a \n c | a")
