"""The steps in the order in which they are told. The last one ends the relay and searches what it kept."""

from __future__ import annotations

from collections.abc import Callable

from tests.story import byhand, consents, households, offices, referral
from tests.story.tale import Tale

STEPS: tuple[Callable[[Tale], None], ...] = (
    Tale.the_office_begins,
    Tale.a_second_officer_joins,
    Tale.officers_bind_their_accounts,
    Tale.a_letter_of_introduction,
    Tale.the_phone_enrols,
    Tale.the_office_confirms,
    Tale.a_status_travels,
    Tale.a_reply_travels,
    Tale.typed_text_is_taken_away,
    Tale.officers_ask_by_command,
    byhand.a_second_device_is_added,
    byhand.the_bot_hands_out_a_page,
    byhand.the_page_seals,
    byhand.the_answer_opens_in_the_page,
    Tale.a_notice_is_sealed_ahead,
    Tale.it_waits_for_its_time,
    Tale.the_clock_releases_it,
    Tale.the_person_answers,
    Tale.the_go_opens_the_place,
    Tale.a_cancellation_voids_it,
    households.a_household_of_four,
    referral.somebody_comes_without_a_letter,
    referral.two_officers_vouch,
    offices.two_partner_offices_begin,
    offices.no_office_sees_anothers_people,
    offices.words_are_passed_on,
    offices.words_are_returned,
    consents.the_person_tells_and_permits,
    consents.it_is_passed_on,
    consents.it_is_taken_back,
    households.the_report_counts_everybody,
    offices.an_officer_is_taken_off,
    Tale.the_relay_knows_nothing,
)
