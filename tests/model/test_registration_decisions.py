"""model.registration_decisions: one application to register, its latest version as known at the refresh."""

# The drawings keep their form.
# fmt: off


def test_the_latest_extract_stands_whatever_the_order_of_arrival(deliver, refresh, expect):
    deliver("2016-03-31", "application_key | channel \n a | online", feeds="registrations")
    refresh()
    deliver("2016-01-31", "application_key | channel \n a | counter", feeds="registrations")
    refresh()
    expect("model.registration_decisions", "application_key | channel | delivery_no \n a | online | 1")


def test_an_application_corrected_in_a_later_extract_is_as_corrected(deliver, refresh, expect):
    deliver("2016-01-31", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | registered_on
        a               | 2016-01-29  | correct        | 2016-01-29 | 2016-01-29           |
    """, feeds="registrations")
    refresh()
    deliver("2016-02-29", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | registered_on
        a               | 2016-01-29  | correct        | 2016-01-29 | 2016-01-29           | 2016-02-03
    """, feeds="registrations")
    refresh()
    expect("model.registration_decisions", """
        application_key | first_decision | correction_notice_on | registered_on
        a               | correct        | 2016-01-29           | 2016-02-03
    """)


def test_what_a_later_refresh_learned_is_not_known_at_an_earlier_one(deliver, refresh, expect):
    deliver("2016-01-31", "application_key | channel \n a | counter", feeds="registrations")
    refresh()
    deliver("2016-02-29", "application_key | channel \n a | post \n b | post", feeds="registrations")
    refresh()
    expect("model.registration_decisions", "application_key | channel \n a | counter", refresh=1)


def test_an_application_set_aside_leaves_the_one_before(deliver, refresh, expect):
    deliver("2016-01-31", "application_key | channel \n a | counter", feeds="registrations")
    deliver("2016-02-29", "application_key | channel \n a | post \n b | post", feeds="registrations", aside=("a", "b"))
    refresh()
    expect("model.registration_decisions", "application_key | channel \n a | counter")


def test_an_application_that_a_snapshot_no_longer_names_keeps_its_last_version(deliver, refresh, expect):
    deliver("2016-01-31", "application_key | channel \n a | counter \n b | post", feeds="registrations", kind="snapshot")
    deliver("2016-02-29", "application_key | channel \n b | post", feeds="registrations", kind="snapshot")
    refresh()
    expect("model.registration_decisions", "application_key | channel \n a | counter \n b | post")


def test_cases_and_applications_of_one_day_keep_to_their_own_deliveries(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n x | ordinary")
    deliver("2016-01-31", "application_key | channel \n x | post", feeds="registrations")
    refresh()
    expect("model.registration_decisions", "application_key | channel | delivery_no \n x | post | 2")
    expect("model.cases", "case_key | procedure | delivery_no \n x | ordinary | 1")
