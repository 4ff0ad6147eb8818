"""The public law outline and looked-after timescales, against dates counted by hand on a calendar."""

import tomllib
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.content.bank_holidays import england
from bot.content.timescale_files import FOLDER, load_timescales
from bot.rules.deadlines import DueDate, Moment, due_date
from bot.rules.timescales import Force, Limit, Timescale

LONDON = ZoneInfo("Europe/London")
CALENDAR = england()
BOOK = load_timescales()


def words(text: str) -> list[str]:
    return text.split()


IDS = words("""
pp-legal-meeting-convene pp-legal-meeting-papers pp-legal-meeting-long-cp-plan pp-legal-meeting-prebirth
pp-lbp-issue pp-first-meeting pp-review pp-max-16-weeks pp-final-legal-meeting pp-evidence-to-issue
pp-viability-assessment sg-full-assessment sg-notice ct-day-1 ct-day-2 ct-cmh ct-cmh-urgent ct-fcmh
ct-advocates-cmh ct-draft-cmo-cmh ct-advocates-irh ct-draft-cmo-irh ct-irh ct-26-weeks
ct-26-weeks-extension ct-sdo-expert-permission ct-sdo-parents-response ct-sdo-la-missing-annex
ct-sdo-la-serve-all ct-sdo-bundle ct-sdo-disclosure ct-sdo-participation ct-sdo-case-summary
ct-sdo-guardian-analysis ct-bundle-prelim-docs ct-bundle-lodge-superseded ct-ico-duration
ct-refuse-contact ct-supervision-order-end ct-supervision-order-max ct-supervision-order-review ct-appeal
lac-care-plan lac-placement-plan lac-placement-notify lac-out-of-area-notify lac-out-of-area-approve
lac-visit-first lac-visit-year-one lac-visit-after-year-permanent lac-visit-after-year-other
lac-visit-long-term-foster lac-visit-local-tighter lac-visit-connected-temp lac-visit-ico-home
lac-visit-immediate-parent lac-visit-care-order-home lac-visit-short-breaks lac-short-break-limits
lac-review-first lac-review-second lac-review-subsequent lac-review-early lac-review-decisions lac-iha
lac-rha-under-5 lac-rha-5-plus lac-sdq lac-pep-start lac-pep-ready lac-pep-review lac-permanence-plan
lac-reg24-temporary lac-reg25-extension lac-reg25-end lac-pwp-assessment lac-pwp-decision lac-cease
lc-eligible-test lc-needs-assessment lc-pathway-review lc-pa-visit-new-home lc-pathway-review-new-home
lc-pa-contact-8-weeks lac-iro-dispute ad-adm-referral ad-adm-decision ad-adm-notify ad-adoption-reviews
ad-adoption-visits ad-application-wait se-ehc-decide se-ehc-no-plan se-ehc-final of-apa-draft of-apa-final
of-report-publish cw-two-months
""")
KEPT_WITH_CHILD_PROTECTION = words("pp-fgdm-offer ct-police-protection ct-epo ct-epo-holiday")

# row, or row/part | start (for a count back: the hearing) | lawful last day | do by, where that is earlier
NATIONAL = """
pp-max-16-weeks                   | Tue 2026-11-24 | Tue 2027-03-16       |
sg-full-assessment                | Mon 2026-11-30 | Sun 2027-02-28       | Fri 2027-02-26
sg-notice                         | Tue 2026-11-24 | Wed 2027-02-24       |
ct-day-1                          | Tue 2026-11-24 | Tue 2026-11-24       |
ct-day-2                          | Thu 2026-12-24 | Tue 2026-12-29       |
ct-cmh                            | Tue 2026-11-24 | Thu 2026-12-17       |
ct-cmh                            | Mon 2026-12-14 | Mon 2027-01-11       |
ct-cmh/calendar-days              | Tue 2026-11-24 | Fri 2026-12-11       |
ct-fcmh                           | Tue 2026-11-24 | Wed 2026-12-30       |
ct-advocates-cmh                  | Wed 2026-12-09 | Fri 2026-12-04       |
ct-advocates-cmh                  | Thu 2026-12-31 | Thu 2026-12-24       |
ct-draft-cmo-cmh                  | Mon 2026-12-14 | Fri 2026-12-11 11:00 |
ct-draft-cmo-cmh                  | Tue 2027-03-30 | Thu 2027-03-25 11:00 |
ct-advocates-irh                  | Tue 2027-04-06 | Tue 2027-03-23       |
ct-advocates-irh                  | Wed 2027-04-14 | Fri 2027-04-02       |
ct-draft-cmo-irh                  | Tue 2027-04-06 | Mon 2027-04-05 11:00 |
ct-26-weeks                       | Tue 2026-11-24 | Mon 2027-05-24       |
ct-26-weeks                       | Mon 2026-12-14 | Sun 2027-06-13       | Fri 2027-06-11
ct-26-weeks-extension             | Mon 2027-05-24 | Mon 2027-07-19       |
ct-sdo-expert-permission          | Wed 2026-12-16 | Thu 2026-12-10 12:00 |
ct-sdo-parents-response           | Wed 2026-12-16 | Thu 2026-12-10 12:00 |
ct-sdo-la-missing-annex           | Wed 2026-12-16 | Fri 2026-12-11 16:00 |
ct-sdo-la-serve-all               | Wed 2026-12-16 | Fri 2026-12-11 16:00 |
ct-sdo-bundle                     | Wed 2026-12-30 | Wed 2026-12-23 16:00 |
ct-sdo-disclosure                 | Wed 2026-12-16 | Fri 2026-12-11 16:00 |
ct-sdo-participation              | Wed 2026-12-16 | Fri 2026-12-11 16:00 |
ct-sdo-case-summary               | Wed 2026-12-16 | Mon 2026-12-14 12:00 |
ct-sdo-guardian-analysis          | Wed 2026-12-16 | Mon 2026-12-14 12:00 |
ct-bundle-prelim-docs             | Wed 2026-12-16 | Tue 2026-12-15 11:00 |
ct-bundle-lodge-superseded/lodge  | Wed 2025-12-10 | Fri 2025-12-05       |
ct-bundle-lodge-superseded/counsel | Wed 2025-12-10 | Thu 2025-12-04       |
ct-ico-duration/section-37        | Tue 2026-11-24 | Mon 2027-01-18       |
ct-refuse-contact                 | Tue 2026-11-24 | Mon 2026-11-30       |
ct-supervision-order-end          | Sun 2026-03-01 | Sun 2027-02-28       | Fri 2027-02-26
ct-supervision-order-max          | Mon 2024-01-15 | Thu 2027-01-14       |
ct-appeal/general                 | Tue 2026-11-24 | Tue 2026-12-15       |
ct-appeal/interim                 | Tue 2026-11-24 | Mon 2026-11-30       |
lac-care-plan                     | Mon 2026-12-14 | Wed 2026-12-30       |
lac-care-plan/remand              | Mon 2026-12-14 | Mon 2026-12-21       |
lac-placement-plan                | Wed 2026-12-23 | Mon 2027-01-04       |
lac-placement-plan/remand         | Tue 2026-11-24 | Tue 2026-12-01       |
lac-placement-notify              | Fri 2026-12-18 | Tue 2026-12-29       |
lac-out-of-area-notify            | Thu 2027-03-25 | Mon 2027-04-05       |
lac-out-of-area-approve/emergency | Thu 2027-03-25 | Mon 2027-04-05       |
lac-visit-first                   | Fri 2026-12-18 | Fri 2026-12-25       | Thu 2026-12-24
lac-visit-year-one                | Tue 2026-11-24 | Tue 2027-01-05       |
lac-visit-after-year-permanent    | Mon 2026-11-30 | Sun 2027-02-28       | Fri 2027-02-26
lac-visit-after-year-other        | Fri 2027-02-12 | Fri 2027-03-26       | Thu 2027-03-25
lac-visit-long-term-foster        | Tue 2027-08-31 | Tue 2028-02-29       |
lac-visit-connected-temp/weekly   | Tue 2026-11-24 | Tue 2026-12-01       |
lac-visit-connected-temp/after-review   | Tue 2026-11-24 | Tue 2026-12-22       |
lac-visit-ico-home/weekly         | Tue 2026-11-24 | Tue 2026-12-01       |
lac-visit-ico-home/after-review   | Tue 2026-11-24 | Tue 2026-12-22       |
lac-visit-immediate-parent/weekly | Tue 2026-11-24 | Tue 2026-12-01       |
lac-visit-immediate-parent/after-review | Tue 2026-11-24 | Tue 2027-01-05       |
lac-visit-care-order-home/first   | Tue 2026-11-24 | Tue 2026-12-01       |
lac-visit-care-order-home/next    | Tue 2026-11-24 | Tue 2027-01-05       |
lac-visit-short-breaks/first-visit | Tue 2026-11-24 | Wed 2027-02-24       |
lac-visit-short-breaks/next-visit | Tue 2026-11-24 | Mon 2027-05-24       |
lac-visit-short-breaks/first-review | Tue 2026-11-24 | Wed 2027-02-24       |
lac-visit-short-breaks/next-review | Tue 2026-11-24 | Mon 2027-05-24       |
lac-short-break-limits            | Mon 2026-12-07 | Wed 2026-12-23       |
lac-review-first                  | Tue 2026-11-24 | Tue 2026-12-22       |
lac-review-first                  | Mon 2026-12-14 | Thu 2027-01-14       |
lac-review-second                 | Tue 2026-12-22 | Mon 2027-03-22       |
lac-review-subsequent             | Mon 2027-03-22 | Wed 2027-09-22       |
lac-review-decisions/decisions    | Tue 2026-12-22 | Thu 2026-12-31       |
lac-review-decisions/care-plan    | Tue 2026-12-22 | Fri 2027-01-08       |
lac-review-decisions/record       | Tue 2026-12-22 | Fri 2027-01-15       |
lac-review-decisions/distribute   | Tue 2026-12-22 | Fri 2027-01-22       |
lac-review-decisions/manager      | Thu 2026-12-31 | Fri 2027-01-08       |
lac-iha                           | Tue 2026-11-24 | Tue 2026-12-22       |
lac-iha/to-iro                    | Tue 2026-12-22 | Thu 2026-12-17       |
lac-rha-under-5                   | Tue 2026-11-24 | Mon 2027-05-24       |
lac-rha-5-plus                    | Tue 2026-11-24 | Wed 2027-11-24       |
lac-sdq                           | Tue 2026-11-24 | Wed 2027-11-24       |
lac-pep-start                     | Tue 2026-11-24 | Tue 2026-12-08       |
lac-pep-ready                     | Tue 2026-11-24 | Tue 2026-12-22       |
lac-pep-ready/to-iro              | Thu 2027-01-14 | Mon 2027-01-11       |
lac-reg24-temporary               | Tue 2026-11-24 | Mon 2027-03-15       |
lac-reg25-extension               | Mon 2027-03-15 | Mon 2027-05-10       |
lac-pwp-assessment                | Thu 2026-12-17 | Tue 2027-01-05       |
lac-pwp-decision                  | Tue 2027-01-05 | Tue 2027-01-19       |
lac-cease                         | Tue 2026-11-24 | Tue 2026-12-22       |
lc-needs-assessment               | Tue 2026-11-24 | Wed 2027-02-24       |
lc-needs-assessment/relevant-child | Mon 2026-11-30 | Sun 2027-02-28       | Fri 2027-02-26
lc-pathway-review                 | Tue 2026-11-24 | Mon 2027-05-24       |
lc-pa-visit-new-home/first        | Fri 2026-12-18 | Fri 2026-12-25       | Thu 2026-12-24
lc-pa-visit-new-home/next         | Tue 2026-11-24 | Sun 2027-01-24       | Fri 2027-01-22
lc-pathway-review-new-home/end-of-28 | Tue 2026-11-24 | Mon 2026-12-21       |
lc-pathway-review-new-home/next   | Tue 2026-11-24 | Wed 2027-02-24       |
lac-iro-dispute                   | Tue 2026-11-24 | Tue 2026-12-22       |
ad-adm-referral                   | Tue 2026-11-24 | Sun 2027-01-24       | Fri 2027-01-22
ad-adm-decision                   | Tue 2026-11-24 | Thu 2026-12-03       |
ad-adm-notify/orally              | Fri 2026-12-18 | Tue 2026-12-22       |
ad-adm-notify/written             | Fri 2026-12-18 | Tue 2026-12-29       |
ad-adoption-reviews/waiting-first | Tue 2026-11-24 | Wed 2027-02-24       |
ad-adoption-reviews/waiting-next  | Tue 2026-11-24 | Mon 2027-05-24       |
ad-adoption-reviews/placed-first  | Tue 2026-11-24 | Tue 2026-12-22       |
ad-adoption-reviews/placed-second | Tue 2026-12-22 | Mon 2027-03-22       |
ad-adoption-reviews/placed-next   | Mon 2027-03-22 | Wed 2027-09-22       |
ad-adoption-reviews/returned      | Tue 2026-11-24 | Tue 2027-01-05       |
ad-adoption-visits/first          | Tue 2026-11-24 | Tue 2026-12-01       |
ad-adoption-visits/weekly         | Tue 2026-12-01 | Tue 2026-12-08       |
ad-application-wait/agency        | Tue 2026-11-24 | Tue 2027-02-02       |
ad-application-wait/partner       | Tue 2026-11-24 | Mon 2027-05-24       |
ad-application-wait/foster-carer  | Tue 2026-11-24 | Wed 2027-11-24       |
se-ehc-decide                     | Tue 2026-11-24 | Tue 2027-01-05       |
se-ehc-no-plan                    | Tue 2026-11-24 | Tue 2027-03-16       |
se-ehc-final                      | Tue 2026-11-24 | Tue 2027-04-13       |
se-ehc-final/comment              | Tue 2026-11-24 | Wed 2026-12-09       |
of-apa-draft                      | Tue 2026-11-24 | Tue 2026-12-22       |
of-apa-final                      | Tue 2026-11-24 | Fri 2027-03-05       |
of-report-publish                 | Tue 2026-11-24 | Fri 2027-01-08       |
cw-two-months                     | Wed 2026-04-29 | Sun 2026-06-28       | Fri 2026-06-26
"""

# row/the example's place in the row (0 is the first) | start | last day | do by, where that is earlier
LOCAL = """
pp-legal-meeting-convene/0      | Tue 2026-11-24       | Sun 2026-11-29       | Fri 2026-11-27
pp-legal-meeting-papers/0       | Wed 2026-12-16 09:30 | Tue 2026-12-15 09:30 |
pp-legal-meeting-long-cp-plan/0 | Tue 2026-11-24       | Wed 2027-11-24       |
pp-legal-meeting-long-cp-plan/1 | Tue 2026-11-24       | Wed 2028-05-24       |
pp-legal-meeting-prebirth/0     | Mon 2027-05-31       | Mon 2027-01-25       |
pp-lbp-issue/0                  | Tue 2026-11-24       | Sun 2026-11-29       | Fri 2026-11-27
pp-first-meeting/0              | Tue 2026-11-24       | Tue 2026-12-01       |
pp-first-meeting/1              | Fri 2026-12-18       | Fri 2026-12-25       | Thu 2026-12-24
pp-review/0                     | Tue 2026-11-24       | Tue 2027-01-05       |
pp-review/1                     | Tue 2026-11-24       | Tue 2027-01-19       |
pp-evidence-to-issue/0          | Tue 2026-11-24       | Tue 2026-12-08       |
ct-supervision-order-review/0   | Sun 2027-02-28       | Sat 2026-11-28       | Fri 2026-11-27
lac-visit-local-tighter/0       | Tue 2026-11-24       | Tue 2026-12-22       |
lac-pep-start/0                 | Tue 2026-11-24       | Tue 2026-12-22       |
lac-pep-start/1                 | Mon 2026-12-14       | Thu 2027-01-14       |
lc-pa-contact-8-weeks/0         | Tue 2026-11-24       | Tue 2027-01-19       |
lac-iro-dispute/0               | Tue 2026-11-24       | Tue 2026-12-08       |
"""

# row, or row/part | start | first day of the window | last day
WINDOWS = """
ct-cmh                       | Tue 2026-11-24 | Wed 2026-12-09 | Thu 2026-12-17
ct-cmh                       | Mon 2026-12-14 | Thu 2026-12-31 | Mon 2027-01-11
ct-cmh/calendar-days         | Tue 2026-11-24 | Sat 2026-12-05 | Fri 2026-12-11
ad-adoption-reviews/returned | Tue 2026-11-24 | Tue 2026-12-22 | Tue 2027-01-05
"""


def cases(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def moment(written: str) -> Moment:
    _, day, *clock = written.split()
    if clock:
        return datetime.fromisoformat(f"{day}T{clock[0]}").replace(tzinfo=LONDON)
    return date.fromisoformat(day)


def shown(when: Moment | None) -> str:
    assert when is not None
    return f"{when:%a %Y-%m-%d %H:%M}" if isinstance(when, datetime) else f"{when:%a %Y-%m-%d}"


def row_of(name: str) -> Timescale:
    row = BOOK.find(name.partition("/")[0])
    assert row is not None
    return row


def counted(limit: Limit, start: str) -> DueDate:
    assert shown(moment(start)) == start, "the weekday written beside the start is wrong"
    return due_date(limit, moment(start), CALENDAR, LONDON)


def national_limit(name: str) -> Limit:
    part = name.partition("/")[2]
    return next(limit for limit in row_of(name).limits if limit.key == part)


def local_limit(name: str) -> Limit:
    return row_of(name).examples[int(name.partition("/")[2])].limit


@pytest.mark.parametrize(("name", "start", "due", "do_by"), cases(NATIONAL))
def test_national_limits_end_on_the_day_counted_by_hand(name: str, start: str, due: str, do_by: str) -> None:
    found = counted(national_limit(name), start)
    assert (shown(found.due), shown(found.do_by)) == (due, do_by or shown(found.due))


@pytest.mark.parametrize(("name", "start", "due", "do_by"), cases(LOCAL))
def test_examples_end_on_the_day_counted_by_hand(name: str, start: str, due: str, do_by: str) -> None:
    found = counted(local_limit(name), start)
    assert (shown(found.due), shown(found.do_by)) == (due, do_by or shown(found.due))


@pytest.mark.parametrize(("name", "start", "first", "last"), cases(WINDOWS))
def test_windows_open_and_close_on_the_days_counted_by_hand(
    name: str, start: str, first: str, last: str
) -> None:
    found = counted(national_limit(name), start)
    assert (shown(found.earliest), shown(found.due)) == (first, last)


def test_every_national_limit_of_the_file_is_checked_by_hand() -> None:
    held = {
        f"{row_id}/{limit.key}" if limit.key else row_id for row_id in IDS for limit in row_of(row_id).limits
    }
    assert {name for name, *_ in cases(NATIONAL)} == held


def test_every_example_of_the_file_is_checked_by_hand() -> None:
    held = {f"{row_id}/{place}" for row_id in IDS for place in range(len(row_of(row_id).examples))}
    assert {name for name, *_ in cases(LOCAL)} == held


def test_the_file_holds_exactly_the_rows_of_the_sheet_that_are_its_own() -> None:
    rows = tomllib.loads((FOLDER / "public-law-outline.toml").read_text(encoding="utf-8"))["timescale"]
    assert [row["id"] for row in rows] == IDS
    assert len(IDS) + len(KEPT_WITH_CHILD_PROTECTION) == 102


@pytest.mark.parametrize("row_id", [*IDS, *KEPT_WITH_CHILD_PROTECTION])
def test_every_id_of_the_sheet_is_found_in_the_book(row_id: str) -> None:
    row = row_of(row_id)
    assert row_id in (row.id, *row.aliases)
    assert len(row.title) <= 60


@pytest.mark.parametrize("row_id", IDS)
def test_what_one_council_does_is_never_a_national_limit(row_id: str) -> None:
    row = row_of(row_id)
    assert not (row.limits and row.force is Force.LOCAL)
    assert (row.verified == "local") == (row.force is Force.LOCAL)


def test_remembered_numbers_and_the_superseded_rule_are_marked() -> None:
    remembered = [row_id for row_id in IDS if row_of(row_id).verified == "memory"]
    assert remembered == ["ct-fcmh", "ad-adm-decision", "ad-adm-notify"]
    superseded = [row_id for row_id in IDS if row_of(row_id).status == "superseded"]
    assert superseded == ["ct-bundle-lodge-superseded"]


def test_the_interim_care_order_rule_overrides_the_immediate_placement_rule() -> None:
    assert "lac-visit-immediate-parent" in row_of("lac-visit-ico-home").stricter_than
