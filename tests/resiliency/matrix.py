"""What each flow does while something is away, and the test that proves it: one a cell. A test stands where its flow's others do."""

from __future__ import annotations

FLOWS = ("inbound", "stop", "outbound", "promises", "dms", "hooks", "pages", "login")
FAILURES = (
    "redis_down", "postgres_restarts", "postgres_down", "carrier_timeouts", "carrier_refusals", "dms_down", "worker_killed",
    "disk_full", "clock_wrong",
)  # fmt: skip

HERE, HOUSE, MESSAGING = "tests/resiliency", "tests/house", "tests/messaging"
REDIS, POSTGRES, CARRIER = f"{HERE}/test_redis_down.py", f"{HERE}/test_postgres.py", f"{HERE}/test_carrier.py"
DMS, DISK, CLOCK = f"{HERE}/test_dms_down.py", f"{HERE}/test_disk_full.py", f"{HERE}/test_clock.py"
DIES = f"{HOUSE}/test_jobs_run_twice.py::test_whatever_it_dies_at_it_ends_the_same"
#: No test has a carrier that answers, a worker, or a feed, unless it makes one: neither has this one.
SIGNS_IN = (
    "tests/staff/test_second_factor.py::test_who_has_one_is_asked_at_sign_in_and_each_code_is_good_once"
)
#: A call to another system passes neither the carrier nor the DMS.
TOLD = "tests/hooks/test_delivery.py::test_a_call_says_what_it_is_and_is_signed"

PROVED_BY: dict[str, dict[str, str]] = {
    "inbound": {
        "redis_down": f"{HOUSE}/test_ticker.py::test_with_the_broker_gone_a_text_that_came_in_is_read_by_the_tickers_next_turn",
        "postgres_restarts": f"{POSTGRES}::test_the_carrier_is_told_to_call_again_and_then_the_text_is_here_once",
        "postgres_down": f"{POSTGRES}::test_a_text_of_that_time_is_fetched_from_the_carriers_list_and_counts_from_when_it_was_written",
        "carrier_timeouts": f"{CARRIER}::test_a_text_that_comes_in_is_read",
        "carrier_refusals": f"{CARRIER}::test_a_text_that_comes_in_is_read",
        "dms_down": f"{DMS}::test_a_text_that_comes_in_is_read",
        "worker_killed": DIES,
        "disk_full": f"{DISK}::test_a_text_is_not_said_to_be_kept_and_is_kept_when_there_is_room",
        "clock_wrong": f"{CLOCK}::test_a_text_that_comes_in_is_due_at_once_for_whoever_reads_it",
    },
    "stop": {
        "redis_down": f"{REDIS}::test_a_stop_counts_before_the_carrier_is_answered",
        "postgres_restarts": f"{POSTGRES}::test_a_stop_that_the_carrier_repeats_counts_at_once",
        "postgres_down": f"{POSTGRES}::test_a_stop_of_that_time_is_heard_before_anything_is_sent",
        "carrier_timeouts": f"{CARRIER}::test_a_stop_counts_also_for_what_rests",
        "carrier_refusals": f"{CARRIER}::test_a_stop_counts_also_for_what_rests",
        "dms_down": f"{DMS}::test_a_stop_counts",
        "worker_killed": f"{MESSAGING}/test_protocol.py::test_a_stop_waits_for_no_worker_that_holds_the_text",
        "disk_full": f"{DISK}::test_a_stop_that_cannot_be_kept_stops_all_the_same_since_nothing_can_leave",
        "clock_wrong": f"{CLOCK}::test_a_stop_that_a_wrong_clock_took_is_later_than_the_start_before_it",
    },
    "outbound": {
        "redis_down": f"{REDIS}::test_a_text_leaves_with_the_tickers_next_turn",
        "postgres_restarts": f"{HOUSE}/test_jobs_run_twice.py::test_whatever_the_sender_dies_at_the_carrier_takes_each_text_once",
        "postgres_down": f"{POSTGRES}::test_nothing_leaves_meanwhile_and_each_text_leaves_once_afterwards",
        "carrier_timeouts": f"{MESSAGING}/test_lost_answers.py::test_a_lost_answer_is_found_in_the_carriers_list",
        "carrier_refusals": f"{MESSAGING}/test_protocol.py::test_only_a_429_is_offered_again_by_itself",
        "dms_down": f"{DMS}::test_a_text_leaves",
        "worker_killed": f"{MESSAGING}/test_lost_answers.py::test_a_worker_killed_while_it_calls_leaves_a_doubt_that_is_looked_up",
        "disk_full": f"{DISK}::test_no_text_leaves_that_could_not_be_written_down",
        "clock_wrong": f"{CLOCK}::test_a_text_that_is_written_is_due_now",
    },
    "promises": {
        "redis_down": f"{REDIS}::test_a_promise_breaks_at_its_hour",
        "postgres_restarts": DIES,
        "postgres_down": "tests/tasks/test_sweep.py::test_after_an_outage_everything_due_is_done_once_in_order_with_its_own_times",
        "carrier_timeouts": f"{CARRIER}::test_a_broken_promise_is_told_within_the_product",
        "carrier_refusals": f"{CARRIER}::test_a_broken_promise_is_told_within_the_product",
        "dms_down": "tests/dms/test_freshness.py::test_a_stale_feed_declares_no_no_show_and_a_file_that_arrives_lets_it_be_said",
        "worker_killed": DIES,
        "disk_full": f"{DISK}::test_a_promise_breaks_at_its_hour_also_when_there_is_room_only_later",
        "clock_wrong": "tests/tasks/test_sweep.py::test_a_worker_whose_clock_is_wrong_breaks_nothing_early_and_forgets_nothing",
    },
    "dms": {
        "redis_down": f"{REDIS}::test_a_file_of_the_dms_is_read_and_applied",
        "postgres_restarts": DIES,
        "postgres_down": f"{POSTGRES}::test_a_file_stays_in_the_inbox_and_is_taken_in_afterwards",
        "carrier_timeouts": f"{CARRIER}::test_what_the_dms_tells_is_applied",
        "carrier_refusals": f"{CARRIER}::test_what_the_dms_tells_is_applied",
        "dms_down": "tests/service/test_pages.py::test_a_stale_feed_says_since_when_and_what_waits_for_it",
        "worker_killed": DIES,
        "disk_full": f"{DISK}::test_a_file_stays_in_the_inbox_until_there_is_room",
        "clock_wrong": f"{CLOCK}::test_a_file_is_complete_by_the_clock_of_the_machine_that_has_it",
    },
    "hooks": {
        "redis_down": f"{REDIS}::test_another_system_is_told_with_the_tickers_next_turn",
        "postgres_restarts": DIES,
        "postgres_down": f"{POSTGRES}::test_another_system_is_told_once_afterwards",
        "carrier_timeouts": TOLD,
        "carrier_refusals": TOLD,
        "dms_down": TOLD,
        "worker_killed": "tests/hooks/test_delivery.py::test_what_is_told_is_told_also_by_a_worker_that_is_killed_meanwhile",
        "disk_full": f"{DISK}::test_no_other_system_is_called_with_what_could_not_be_written_down",
        "clock_wrong": f"{CLOCK}::test_another_system_is_told_at_once",
    },
    "pages": {
        "redis_down": f"{REDIS}::test_every_page_opens_and_what_is_done_on_one_is_done",
        "postgres_restarts": f"{POSTGRES}::test_a_page_says_so_and_opens_again_afterwards",
        "postgres_down": f"{POSTGRES}::test_a_server_that_is_asked_and_says_nothing_holds_nobody_up_for_twenty_seconds",
        "carrier_timeouts": f"{CARRIER}::test_every_page_opens_and_says_that_texts_wait",
        "carrier_refusals": f"{CARRIER}::test_every_page_opens_and_says_that_texts_wait",
        "dms_down": f"{DMS}::test_every_page_says_as_of_when_the_dms_is",
        "worker_killed": "tests/operations/test_page.py::test_when_the_workers_are_silent_everybody_reads_it_on_every_page",
        "disk_full": f"{DISK}::test_pages_are_read_and_what_is_typed_is_not_said_to_be_kept",
        "clock_wrong": f"{CLOCK}::test_a_page_shows_the_right_time",
    },
    "login": {
        "redis_down": f"{REDIS}::test_who_has_a_second_factor_signs_in_stays_and_signs_out",
        "postgres_restarts": f"{POSTGRES}::test_who_signs_in_meanwhile_is_told_and_gets_in_afterwards",
        "postgres_down": f"{POSTGRES}::test_the_right_password_opens_nothing_meanwhile",
        "carrier_timeouts": SIGNS_IN,
        "carrier_refusals": SIGNS_IN,
        "dms_down": SIGNS_IN,
        "worker_killed": SIGNS_IN,
        "disk_full": f"{DISK}::test_who_signs_in_reads_on_every_page_that_the_disk_is_full",
        "clock_wrong": f"{CLOCK}::test_a_code_of_the_step_before_or_after_opens_and_no_other",
    },
}
