"""The child protection timescales, against dates counted by hand on a calendar."""

import tomllib
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.content.bank_holidays import england
from bot.content.timescale_files import FOLDER, load_timescales
from bot.rules.deadlines import DueDate, Moment, due_date
from bot.rules.timescales import Force, Limit

LONDON = ZoneInfo("Europe/London")
CALENDAR = england()
BOOK = load_timescales()


def words(text: str) -> list[str]:
    return text.split()


IDS = words("""
referral-decision referral-allocate assessment-complete assessment-checkpoint strategy-hold
strategy-after-emergency-start strategy-record-circulate s47-conclude medical-physical medical-acute-csa
icpc icpc-request icpc-report-family icpc-decision-letter icpc-prebirth core-group-first core-group-next
cp-visit cp-visit-record rcpc-first rcpc-next rcpc-report-family rcpc-after-birth plan-end-18
plan-end-at-first-review plan-length-checks plan-length-indicators transfer-in transfer-out-tell
police-protection police-protection-tell epo-length epo-extension epo-after-police-protection epo-holiday
exclusion-lapse cao-length pf-define pf-notify-before pf-notify-started pf-first-visit pf-visit-year1
pf-visit-year2 pf-visit-on-request pf-change-or-end missing-rhi missing-strategy lado-refer
serious-incident-notify rapid-review care-leaver-death cin-first-meeting cin-review cin-visit
supervision-worker supervision-child escalation-stages fgdm-offer macpt
""")

# row, or row/part | start | lawful last day | the working day to do it by, where that is earlier
NATIONAL = """
referral-decision           | Tue 2026-11-24       | Wed 2026-11-25       |
referral-decision           | Fri 2026-11-27       | Mon 2026-11-30       |
referral-decision           | Thu 2026-12-24       | Tue 2026-12-29       |
assessment-complete         | Tue 2026-11-24       | Fri 2027-01-29       |
icpc                        | Tue 2026-11-03       | Tue 2026-11-24       |
icpc                        | Fri 2026-12-11       | Wed 2027-01-06       |
icpc                        | Tue 2027-03-23       | Thu 2027-04-15       |
core-group-first            | Tue 2026-11-24       | Tue 2026-12-08       |
core-group-first            | Thu 2026-11-12       | Thu 2026-11-26       |
rcpc-first                  | Tue 2026-11-24       | Wed 2027-02-24       |
rcpc-first                  | Mon 2026-11-30       | Sun 2027-02-28       | Fri 2027-02-26
rcpc-next                   | Tue 2026-11-24       | Mon 2027-05-24       |
rcpc-next                   | Tue 2027-08-31       | Tue 2028-02-29       |
rcpc-after-birth            | Mon 2026-11-23       | Tue 2027-02-23       |
plan-end-18                 | Tue 2009-04-14       | Wed 2027-04-14       |
plan-length-indicators/long-plan | Tue 2026-11-24       | Fri 2028-11-24       |
transfer-in                 | Tue 2026-11-24       | Tue 2026-12-15       |
police-protection           | Fri 2026-11-27 22:15 | Mon 2026-11-30 22:15 |
police-protection           | Sat 2026-10-24 12:00 | Tue 2026-10-27 11:00 |
police-protection           | Sat 2027-03-27 20:00 | Tue 2027-03-30 21:00 |
epo-length                  | Tue 2026-11-24       | Tue 2026-12-01       |
epo-length                  | Fri 2026-12-18       | Fri 2026-12-25       | Thu 2026-12-24
epo-extension/extension     | Tue 2026-12-01       | Tue 2026-12-08       |
epo-extension/in-all        | Tue 2026-11-24       | Tue 2026-12-08       |
epo-after-police-protection | Sat 2026-11-21       | Sat 2026-11-28       | Fri 2026-11-27
epo-holiday                 | Sun 2026-12-06       | Mon 2026-12-14 12:00 |
epo-holiday                 | Fri 2027-03-19       | Sat 2027-03-27 12:00 |
exclusion-lapse             | Fri 2026-11-27 09:30 | Sat 2026-11-28 09:30 |
cao-length                  | Mon 2026-11-30       | Sun 2026-12-06       | Fri 2026-12-04
pf-define                   | Tue 2026-11-24       | Mon 2026-12-21       |
pf-notify-before            | Mon 2027-01-11       | Mon 2026-11-30       |
pf-notify-started/carer     | Sat 2026-11-28 10:00 | Mon 2026-11-30 10:00 |
pf-notify-started/parent    | Sat 2026-11-28 10:00 | Mon 2026-11-30 10:00 |
pf-first-visit              | Tue 2026-11-24       | Thu 2026-12-03       |
pf-first-visit              | Mon 2026-12-21       | Mon 2027-01-04       |
pf-visit-year1              | Thu 2026-12-03       | Thu 2027-01-14       |
pf-visit-year2              | Tue 2026-12-01       | Tue 2027-02-23       |
pf-change-or-end/change     | Tue 2026-11-24 16:00 | Thu 2026-11-26 16:00 |
pf-change-or-end/end        | Tue 2026-11-24 16:00 | Thu 2026-11-26 16:00 |
pf-change-or-end/resume     | Tue 2026-11-24       | Mon 2026-12-21       |
missing-rhi                 | Sat 2026-11-28 03:20 | Tue 2026-12-01 03:20 |
lado-refer                  | Fri 2026-11-27       | Mon 2026-11-30       |
lado-refer                  | Thu 2027-03-25       | Tue 2027-03-30       |
serious-incident-notify     | Tue 2026-12-22       | Thu 2026-12-31       |
rapid-review                | Tue 2026-11-24       | Tue 2026-12-15       |
"""

# row/the example's place in the row (0 is the first) | start | last day | the working day to do it by
LOCAL = """
referral-allocate/0              | Fri 2026-11-27 16:30 | Sat 2026-11-28 16:30 |
assessment-checkpoint/0          | Tue 2026-11-24       | Tue 2026-12-08       |
assessment-checkpoint/1          | Tue 2026-11-24       | Tue 2026-12-15       |
assessment-checkpoint/2          | Tue 2026-11-24       | Tue 2026-12-22       |
strategy-hold/0                  | Tue 2026-11-24       | Tue 2026-11-24       |
strategy-hold/1                  | Tue 2026-11-24 13:00 | Wed 2026-11-25 13:00 |
strategy-hold/2                  | Tue 2026-11-24       | Fri 2026-11-27       |
strategy-after-emergency-start/0 | Tue 2026-11-24 13:00 | Wed 2026-11-25 13:00 |
strategy-record-circulate/0      | Fri 2026-11-27       | Mon 2026-11-30       |
s47-conclude/0                   | Tue 2026-11-03       | Tue 2026-11-24       |
medical-physical/0               | Tue 2026-11-24       | Sun 2026-11-29       | Fri 2026-11-27
icpc-request/0                   | Fri 2026-11-27       | Mon 2026-11-30       |
icpc-report-family/0             | Tue 2026-12-15       | Fri 2026-12-11       |
icpc-report-family/1             | Tue 2026-12-15       | Fri 2026-12-11       |
icpc-report-family/2             | Tue 2026-12-15       | Sat 2026-12-12       | Fri 2026-12-11
icpc-decision-letter/0           | Tue 2026-11-24       | Wed 2026-11-25       |
icpc-decision-letter/1           | Tue 2026-11-24       | Tue 2026-12-15       |
icpc-decision-letter/2           | Tue 2026-11-24       | Tue 2026-12-22       |
icpc-prebirth/0                  | Fri 2027-04-09       | Sat 2027-01-09       | Fri 2027-01-08
icpc-prebirth/1                  | Fri 2027-04-09       | Sat 2027-01-09       | Fri 2027-01-08
icpc-prebirth/2                  | Fri 2027-04-09       | Fri 2027-02-26       |
icpc-prebirth/3                  | Fri 2027-04-09       | Fri 2026-09-25       |
icpc-prebirth/4                  | Fri 2027-04-09       | Fri 2026-12-18       |
core-group-next/0                | Tue 2026-12-08       | Fri 2027-01-08       |
core-group-next/1                | Tue 2026-12-08       | Tue 2027-01-19       |
cp-visit/0                       | Tue 2026-11-24       | Tue 2026-12-08       |
cp-visit/1                       | Tue 2026-11-24       | Tue 2026-12-08       |
cp-visit/2                       | Tue 2026-11-24       | Tue 2026-12-15       |
cp-visit/3                       | Tue 2026-11-24       | Tue 2026-12-08       |
cp-visit/4                       | Tue 2026-11-24       | Fri 2026-12-04       |
cp-visit/5                       | Tue 2026-11-24       | Tue 2026-12-08       |
cp-visit/6                       | Tue 2026-11-24       | Tue 2027-01-05       |
cp-visit/7                       | Tue 2026-11-24       | Tue 2026-12-22       |
cp-visit-record/0                | Tue 2026-11-24       | Thu 2026-11-26       |
cp-visit-record/1                | Fri 2026-11-27 16:30 | Sat 2026-11-28 16:30 |
rcpc-report-family/0             | Wed 2027-02-24       | Wed 2027-02-17       |
rcpc-report-family/1             | Wed 2027-02-24       | Wed 2027-02-17       |
rcpc-report-family/2             | Wed 2027-02-24       | Sun 2027-02-21       | Fri 2027-02-19
rcpc-after-birth/0               | Tue 2026-11-24       | Tue 2026-12-08       |
rcpc-after-birth/1               | Tue 2026-11-24       | Tue 2026-12-22       |
rcpc-after-birth/2               | Tue 2026-11-24       | Tue 2026-12-22       |
plan-length-checks/0             | Tue 2026-11-24       | Tue 2027-08-24       |
plan-length-checks/1             | Tue 2026-11-24       | Wed 2027-11-24       |
plan-length-checks/2             | Tue 2026-11-24       | Thu 2028-02-24       |
plan-length-checks/3             | Tue 2026-11-24       | Thu 2028-08-24       |
transfer-out-tell/0              | Tue 2026-11-24       | Tue 2026-11-24       |
transfer-out-tell/0              | Sat 2026-11-28       | Mon 2026-11-30       |
transfer-out-tell/1              | Fri 2026-11-27 16:30 | Sat 2026-11-28 16:30 |
missing-strategy/0               | Tue 2026-11-24       | Sun 2026-10-25       | Fri 2026-10-23
missing-strategy/1               | Tue 2026-11-24       | Wed 2026-08-26       |
lado-refer/0                     | Fri 2026-11-27 16:30 | Sat 2026-11-28 16:30 |
care-leaver-death/0              | Tue 2026-12-22       | Thu 2026-12-31       |
cin-first-meeting/0              | Tue 2026-11-24       | Fri 2026-12-04       |
cin-review/0                     | Tue 2026-11-24       | Tue 2026-12-22       |
cin-review/1                     | Tue 2026-11-24       | Tue 2027-01-05       |
cin-review/2                     | Tue 2026-11-24       | Wed 2027-02-24       |
cin-review/3                     | Tue 2026-11-24       | Tue 2027-02-16       |
cin-visit/0                      | Tue 2026-11-24       | Tue 2026-12-22       |
cin-visit/1                      | Tue 2026-11-24       | Tue 2027-01-05       |
supervision-worker/0             | Tue 2026-11-24       | Thu 2026-12-24       |
supervision-worker/1             | Tue 2026-11-24       | Tue 2026-12-22       |
supervision-worker/2             | Tue 2026-11-24       | Tue 2026-12-08       |
supervision-child/0              | Thu 2026-12-31       | Sun 2027-02-28       | Fri 2027-02-26
supervision-child/1              | Thu 2026-12-31       | Sun 2027-01-31       | Fri 2027-01-29
escalation-stages/0              | Tue 2026-11-24       | Wed 2026-11-25       |
escalation-stages/1              | Tue 2026-11-24       | Tue 2026-12-01       |
"""

NO_NATIONAL_NUMBER = words("""
strategy-hold strategy-after-emergency-start s47-conclude medical-acute-csa police-protection-tell
pf-visit-on-request care-leaver-death fgdm-offer macpt
""")


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


def counted(limit: Limit, start: str) -> DueDate:
    assert shown(moment(start)) == start, "the weekday written beside the start is wrong"
    return due_date(limit, moment(start), CALENDAR, LONDON)


def national_limit(name: str) -> Limit:
    row_id, _, part = name.partition("/")
    row = BOOK.find(row_id)
    assert row is not None
    return next(limit for limit in row.limits if limit.key == part)


def local_limit(name: str) -> Limit:
    row_id, _, place = name.partition("/")
    row = BOOK.find(row_id)
    assert row is not None
    return row.examples[int(place)].limit


@pytest.mark.parametrize(("name", "start", "due", "do_by"), cases(NATIONAL))
def test_national_limits_end_on_the_day_counted_by_hand(name: str, start: str, due: str, do_by: str) -> None:
    found = counted(national_limit(name), start)
    assert (shown(found.due), shown(found.do_by)) == (due, do_by or shown(found.due))


@pytest.mark.parametrize(("name", "start", "due", "do_by"), cases(LOCAL))
def test_examples_end_on_the_day_counted_by_hand(name: str, start: str, due: str, do_by: str) -> None:
    found = counted(local_limit(name), start)
    assert (shown(found.due), shown(found.do_by)) == (due, do_by or shown(found.due))


def test_every_national_limit_of_the_file_is_checked_by_hand() -> None:
    checked = {name for name, *_ in cases(NATIONAL)}
    held = {
        f"{row.id}/{limit.key}" if limit.key else row.id
        for row in map(BOOK.find, IDS)
        if row is not None
        for limit in row.limits
    }
    assert checked == held


def test_every_example_of_the_file_is_checked_by_hand() -> None:
    checked = {name for name, *_ in cases(LOCAL)}
    held = {
        f"{row.id}/{place}"
        for row in map(BOOK.find, IDS)
        if row is not None
        for place in range(len(row.examples))
    }
    assert checked == held


def test_the_file_holds_exactly_the_rows_of_the_sheet() -> None:
    rows = tomllib.loads((FOLDER / "child-protection.toml").read_text(encoding="utf-8"))["timescale"]
    assert [row["id"] for row in rows] == IDS


@pytest.mark.parametrize("row_id", IDS)
def test_every_row_is_found_in_the_book(row_id: str) -> None:
    row = BOOK.find(row_id)
    assert row is not None
    assert row.id == row_id
    assert len(row.title) <= 60


@pytest.mark.parametrize(
    ("alias", "row_id"),
    [
        ("ct-police-protection", "police-protection"),
        ("ct-epo", "epo-length"),
        ("ct-epo-holiday", "epo-holiday"),
        ("pp-fgdm-offer", "fgdm-offer"),
    ],
)
def test_the_other_sheets_id_finds_the_same_row(alias: str, row_id: str) -> None:
    assert BOOK.find(alias) is BOOK.find(row_id)


@pytest.mark.parametrize("row_id", IDS)
def test_what_one_council_does_is_never_a_national_limit(row_id: str) -> None:
    row = BOOK.find(row_id)
    assert row is not None
    assert not (row.limits and row.force is Force.LOCAL)


@pytest.mark.parametrize("row_id", NO_NATIONAL_NUMBER)
def test_a_national_duty_without_a_number_gets_none(row_id: str) -> None:
    row = BOOK.find(row_id)
    assert row is not None
    assert row.limits == ()
    assert row.by_when
    assert row.force is not Force.LOCAL


@pytest.mark.parametrize("row_id", IDS)
def test_rows_from_working_together_say_that_the_newer_edition_is_unchecked(row_id: str) -> None:
    row = BOOK.find(row_id)
    assert row is not None
    assert row.edition_unchecked is ("Working Together to Safeguard Children 2023" in row.source)


def test_the_conference_counts_from_the_discussion_that_began_section_47() -> None:
    row = BOOK.find("icpc")
    assert row is not None
    assert row.occurrence == "began-s47"
    assert (row.trigger, row.ended_by) == ("strategy-discussion-held", ("icpc-held",))


def test_the_2026_act_is_not_shown_as_in_force() -> None:
    enacted = {row_id for row_id in IDS if (row := BOOK.find(row_id)) and row.status != "in force"}
    assert enacted == {"fgdm-offer", "macpt"}


def test_an_order_the_police_applied_for_counts_from_police_protection() -> None:
    row = BOOK.find("epo-after-police-protection")
    assert row is not None
    assert row.stricter_than == ("epo-length",)
