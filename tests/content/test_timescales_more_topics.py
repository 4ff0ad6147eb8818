"""The timescales of the further topics, against dates counted by hand on a calendar."""

import tomllib
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.content.bank_holidays import england
from bot.content.timescale_files import FOLDER, load_timescales
from bot.rules.deadlines import DueDate, Moment, NeedsCalendarOfSchool, due_date
from bot.rules.pathway import running_limits
from bot.rules.timescales import Force, Limit, Timescale

LONDON = ZoneInfo("Europe/London")
CALENDAR = england()
BOOK = load_timescales()


def words(text: str) -> list[str]:
    return text.split()


IDS = {
    "rights-and-records.toml": words("""
rt-complaint-make rt-complaint-first-response rt-complaint-standing rt-complaint-pause-notice
rt-complaint-resubmit rt-complaint-stage1 rt-complaint-stage1-extended rt-complaint-stage1-terms
rt-complaint-stage2-ask rt-complaint-stage2 rt-complaint-stage2-extended rt-complaint-stage3-ask
rt-complaint-panel rt-complaint-panel-report rt-complaint-panel-response rt-complaint-annual-report
rt-complaint-conference rt-complaint-ombudsman rt-complaint-ack-local rt-sar-respond
rt-sar-extension-notice rt-sar-extended rt-sar-clarify-pause rt-sar-health-opinion rt-dp-complaint-ack
rt-safety-plan-review rt-travel-care-order rt-travel-sgo rt-travel-cao rt-travel-adoption rt-port-alert
rt-s37-report rt-s37-review-date rt-s7-report rt-family-assistance-order rt-school-deletion-return
rt-school-new-pupil-return rt-school-absence-return rt-school-removal-absent rt-sao-notice rt-cnis-visit
"""),
    "risk.toml": words("""
rk-dapn-hearing rk-dapn-breach-court rk-dapo-notify rk-dapo-length rk-dvpn-hearing rk-dvpo-length
rk-encompass rk-marac-escalation rk-marac-repeat rk-dvds-total rk-dvds-steps rk-csods-steps
rk-rso-register rk-rso-change rk-rso-child-household rk-rso-periodic rk-fgm-report rk-fgmpo-return
rk-fmpo-return rk-fii-strategy rk-bruise-review rk-death-first-hours rk-death-sharing
rk-death-notify-cdop rk-death-abuse-panel rk-death-coroner-tells rk-death-registrar rk-death-body
rk-death-pfd rk-nts-transfer rk-age-assessment rk-uasc-lac rk-nrm-recovery rk-channel-clocks
rk-young-carer rk-parent-carer rk-carer-record rk-carer-18
"""),
    "care-and-liberty.toml": words("""
cr-secure-72h cr-secure-first-order cr-secure-further-order cr-secure-remand-order
cr-secure-review-first cr-secure-review-next cr-secure-home-tells-authority cr-secure-tell-family
cr-secure-under-13 cr-dol-urgency cr-dol-day-of-week cr-dol-renew cr-dol-ofsted cr-s20-24-hours
cr-s20-takeover cr-homeless-16-17-tonight cr-sa-registered-only cr-sa-tell-serious-event
cr-sa-tell-area cr-sa-restraint cr-sa-quality-review cr-sa-location cr-sa-new-address
cr-sa-stops-address cr-sa-manager-away cr-sa-purpose-change cr-sa-keep-records cr-yda-plan
cr-yda-visits cr-detained-former-lac-visit cr-remand-breach cr-remand-police-cells
cr-fos-stage-one-no cr-fos-report-comments cr-fos-panel-8-months cr-fos-panel-papers cr-fos-adm
cr-fos-adm-tell cr-fos-representations cr-fos-irm-papers cr-fos-review-approval cr-fos-resign
cr-fos-share-record cr-fos-keep-record cr-fos-agency-closes cr-fos-rates-review
cr-sg-money-statement cr-sg-money-change cr-sg-money-review cr-sg-services-review cr-sg-three-years
cr-sg-former-carer-fee cr-asgsf-apply cr-ad-report-comments cr-ad-under-six-weeks
cr-ad-adopter-returns cr-ad-agency-recalls cr-ad-consent-back cr-ad-contact-refusal
cr-ad-later-life-letter cr-ad-life-story-book cr-ad-support-review cr-ad-support-three-years
cr-ad-former-carer-fee cr-ad-money-statement cr-ad-keep-record cr-ad-birth-record
cr-ad-disclosure-review cr-ep-carer-withdraws cr-move-end-notice cr-move-home-tells-area cr-jisa
"""),
}
ALL_IDS = [row_id for ids in IDS.values() for row_id in ids]
ALIASES = {"cr-abroad-care-order": "rt-travel-care-order", "cr-abroad-adoption": "rt-travel-adoption"}

# row, or row/part | start | lawful last day | the working day to do it by, where that is earlier
NATIONAL = """
rt-complaint-make             | Tue 2026-11-24       | Wed 2027-11-24       |
rt-complaint-resubmit         | Fri 2026-12-18       | Sat 2027-12-18       | Fri 2027-12-17
rt-complaint-stage1           | Tue 2026-11-24       | Tue 2026-12-08       |
rt-complaint-stage1           | Fri 2026-12-18       | Wed 2027-01-06       |
rt-complaint-stage1-extended  | Tue 2026-11-24       | Tue 2026-12-22       |
rt-complaint-stage2-ask       | Tue 2026-11-24       | Tue 2026-12-22       |
rt-complaint-stage2           | Tue 2026-11-24       | Thu 2026-12-31       |
rt-complaint-stage2-extended  | Tue 2026-11-24       | Fri 2027-02-26       |
rt-complaint-stage3-ask       | Thu 2027-03-11       | Mon 2027-04-12       |
rt-complaint-panel            | Tue 2026-11-24       | Fri 2027-01-08       |
rt-complaint-panel-report     | Tue 2026-11-24       | Tue 2026-12-01       |
rt-complaint-panel-response   | Tue 2026-11-24       | Tue 2026-12-15       |
rt-complaint-ombudsman        | Mon 2026-11-30       | Tue 2027-11-30       |
rt-sar-respond                | Thu 2026-09-03       | Fri 2026-10-02       |
rt-sar-respond                | Sun 2027-01-31       | Sun 2027-02-28       | Fri 2027-02-26
rt-sar-extension-notice       | Thu 2026-09-03       | Fri 2026-10-02       |
rt-sar-extended               | Thu 2026-09-03       | Wed 2026-12-02       |
rt-sar-health-opinion         | Tue 2026-11-24       | Sun 2027-05-23       | Fri 2027-05-21
rt-dp-complaint-ack           | Tue 2026-11-24       | Wed 2026-12-23       |
rt-travel-care-order          | Thu 2026-12-03       | Fri 2027-01-01       | Thu 2026-12-31
rt-travel-sgo                 | Tue 2026-11-24       | Mon 2027-02-22       |
rt-travel-cao                 | Sat 2026-08-01       | Sun 2026-08-30       | Fri 2026-08-28
rt-travel-adoption            | Tue 2026-11-24       | Tue 2026-12-22       |
rt-s37-report                 | Tue 2026-11-24       | Mon 2027-01-18       |
rt-s7-report                  | Tue 2026-12-15       | Mon 2026-11-30       |
rt-family-assistance-order    | Mon 2026-03-02       | Mon 2027-03-01       |
rt-school-new-pupil-return    | Tue 2026-11-24       | Sun 2026-11-29       | Fri 2026-11-27
rt-sao-notice                 | Tue 2026-11-24       | Tue 2026-12-08       |
rt-cnis-visit                 | Tue 2026-11-24       | Wed 2026-12-09       |
rk-dapn-hearing               | Sat 2026-11-28 10:00 | Tue 2026-12-01 10:00 |
rk-dapn-hearing               | Thu 2026-12-24 20:00 | Wed 2026-12-30 20:00 |
rk-dapn-breach-court          | Sat 2026-11-28 22:00 | Mon 2026-11-30 22:00 |
rk-dapo-notify                | Mon 2026-11-23       | Wed 2026-11-25       |
rk-dapo-length/tag            | Tue 2026-11-24       | Tue 2027-11-23       |
rk-dvpn-hearing               | Thu 2027-03-25 18:00 | Tue 2027-03-30 18:00 |
rk-dvpo-length/longest        | Tue 2026-11-24       | Mon 2026-12-21       |
rk-dvpo-length/shortest       | Tue 2026-11-24       | Mon 2026-12-07       |
rk-marac-escalation           | Tue 2026-11-24       | Mon 2025-11-24       |
rk-marac-repeat               | Tue 2026-11-24       | Wed 2027-11-24       |
rk-dvds-total                 | Tue 2026-11-24       | Tue 2026-12-22       |
rk-dvds-steps/check           | Fri 2026-11-27 16:30 | Sat 2026-11-28 16:30 |
rk-dvds-steps/meeting         | Tue 2026-11-24       | Tue 2026-12-08       |
rk-rso-register               | Fri 2026-12-18       | Sun 2026-12-20       | Fri 2026-12-18
rk-rso-change                 | Mon 2026-11-23       | Wed 2026-11-25       |
rk-rso-child-household/notify | Tue 2026-11-24       | Thu 2026-11-26       |
rk-rso-child-household/stay   | Fri 2026-11-27 20:00 | Sat 2026-11-28 08:00 |
rk-rso-periodic/home          | Tue 2026-11-24       | Wed 2027-11-24       |
rk-rso-periodic/no-home       | Tue 2026-11-24       | Tue 2026-12-01       |
rk-fgm-report/law             | Mon 2026-11-30       | Wed 2026-12-30       |
rk-fgm-report/practice        | Fri 2026-11-27       | Mon 2026-11-30       |
rk-fgm-report/practice        | Thu 2026-12-24       | Tue 2026-12-29       |
rk-death-coroner-tells/guidance   | Thu 2026-12-24   | Thu 2026-12-31       |
rk-death-coroner-tells/regulation | Tue 2026-11-24   | Fri 2026-11-27       |
rk-death-registrar            | Tue 2026-11-24       | Tue 2026-12-01       |
rk-death-body                 | Tue 2026-11-24       | Tue 2026-12-22       |
rk-death-pfd                  | Tue 2026-11-24       | Tue 2027-01-19       |
rk-nts-transfer/in-care       | Tue 2026-11-24       | Tue 2026-12-08       |
rk-nts-transfer/no-care       | Tue 2026-11-24       | Tue 2026-12-01       |
rk-nrm-recovery               | Tue 2026-11-24       | Wed 2026-12-23       |
cr-secure-72h                 | Fri 2026-11-27 22:15 | Mon 2026-11-30 22:15 |
cr-secure-72h                 | Sat 2027-03-27 20:00 | Tue 2027-03-30 21:00 |
cr-secure-first-order         | Tue 2026-11-24       | Tue 2027-02-23       |
cr-secure-further-order       | Tue 2026-11-24       | Sun 2027-05-23       | Fri 2027-05-21
cr-secure-remand-order        | Tue 2026-11-24       | Mon 2026-12-21       |
cr-secure-review-first        | Tue 2026-11-24       | Thu 2026-12-24       |
cr-secure-review-first        | Sun 2027-01-31       | Sun 2027-02-28       | Fri 2027-02-26
cr-secure-review-next         | Mon 2026-11-30       | Sun 2027-02-28       | Fri 2027-02-26
cr-secure-home-tells-authority | Fri 2026-11-27 20:00 | Sat 2026-11-28 08:00 |
cr-dol-urgency/hours-4        | Tue 2026-11-24 14:00 | Tue 2026-11-24 18:00 |
cr-dol-urgency/hours-24       | Tue 2026-11-24 14:00 | Wed 2026-11-25 14:00 |
cr-dol-urgency/days-3         | Tue 2026-11-24       | Fri 2026-11-27       |
cr-dol-urgency/days-5         | Tue 2026-11-24       | Sun 2026-11-29       | Fri 2026-11-27
cr-dol-ofsted                 | Tue 2026-11-24       | Tue 2026-12-01       |
cr-s20-24-hours               | Fri 2026-11-27 21:00 | Sat 2026-11-28 21:00 |
cr-s20-takeover               | Tue 2026-11-24       | Wed 2027-02-24       |
cr-sa-restraint/record        | Tue 2026-11-24 13:00 | Wed 2026-11-25 13:00 |
cr-sa-restraint/spoken        | Tue 2026-11-24 13:00 | Thu 2026-11-26 13:00 |
cr-sa-restraint/agreed        | Tue 2026-11-24       | Sun 2026-11-29       | Fri 2026-11-27
cr-sa-quality-review/review   | Tue 2026-11-24       | Mon 2027-05-24       |
cr-sa-quality-review/report   | Tue 2026-11-24       | Mon 2026-12-21       |
cr-sa-location                | Thu 2026-01-01       | Thu 2026-12-31       |
cr-sa-new-address             | Fri 2026-11-27 15:00 | Mon 2026-11-30 15:00 |
cr-sa-stops-address           | Tue 2026-11-24       | Tue 2026-12-08       |
cr-sa-manager-away/planned    | Tue 2026-11-24       | Sat 2026-10-24       | Fri 2026-10-23
cr-sa-manager-away/unforeseen | Tue 2026-11-24       | Tue 2026-12-01       |
cr-sa-manager-away/back       | Tue 2026-11-24       | Tue 2026-12-01       |
cr-sa-purpose-change          | Tue 2026-11-24       | Tue 2026-12-22       |
cr-sa-keep-records/birth      | Tue 2009-04-14       | Fri 2084-04-14       | unknown
cr-sa-keep-records/death      | Tue 2026-11-24       | Sun 2041-11-24       | unknown
cr-yda-plan                   | Fri 2026-12-18       | Wed 2027-01-06       |
cr-yda-visits/first           | Tue 2026-11-24       | Tue 2026-12-01       |
cr-yda-visits/next            | Tue 2026-12-01       | Tue 2027-01-12       |
cr-detained-former-lac-visit  | Thu 2027-03-18       | Mon 2027-04-05       |
cr-remand-breach              | Sat 2026-11-28 20:00 | Mon 2026-11-30 20:00 |
cr-remand-breach              | Mon 2026-08-31 09:00 | Tue 2026-09-01 09:00 |
cr-remand-breach              | Thu 2026-12-24 20:00 | Sat 2026-12-26 20:00 |
cr-remand-police-cells        | Sat 2026-11-28 20:00 | Sun 2026-11-29 20:00 |
cr-fos-stage-one-no           | Tue 2026-11-24       | Tue 2026-12-08       |
cr-fos-report-comments        | Tue 2026-11-24       | Mon 2026-12-07       |
cr-fos-report-comments        | Sat 2026-11-28       | Fri 2026-12-11       |
cr-fos-panel-8-months         | Tue 2026-11-24       | Sat 2027-07-24       | Fri 2027-07-23
cr-fos-panel-papers           | Tue 2026-12-15       | Tue 2026-12-08       |
cr-fos-adm                    | Tue 2026-11-24       | Thu 2026-12-03       |
cr-fos-adm-tell/spoken        | Tue 2026-11-24       | Thu 2026-11-26       |
cr-fos-adm-tell/written       | Tue 2026-11-24       | Tue 2026-12-01       |
cr-fos-representations        | Tue 2026-11-24       | Tue 2026-12-22       |
cr-fos-irm-papers             | Tue 2026-11-24       | Tue 2026-12-08       |
cr-fos-review-approval/first  | Tue 2026-11-24       | Wed 2027-11-24       |
cr-fos-review-approval/next   | Wed 2027-11-24       | Fri 2028-11-24       |
cr-fos-resign                 | Tue 2026-11-24       | Tue 2026-12-22       |
cr-fos-share-record           | Tue 2026-11-24       | Tue 2026-12-15       |
cr-fos-keep-record/carer      | Tue 2026-11-24       | Mon 2036-11-24       | unknown
cr-fos-keep-record/applicant  | Tue 2026-11-24       | Sat 2029-11-24       | unknown
cr-fos-agency-closes          | Tue 2026-11-24       | Tue 2027-03-16       |
cr-fos-rates-review           | Tue 2026-11-24       | Wed 2027-11-24       |
cr-sg-money-statement         | Tue 2026-11-24       | Tue 2026-12-22       |
cr-sg-money-change            | Tue 2026-11-24       | Tue 2026-12-01       |
cr-sg-services-review         | Tue 2026-11-24       | Wed 2027-11-24       |
cr-sg-three-years             | Tue 2026-11-24       | Sat 2029-11-24       | unknown
cr-sg-former-carer-fee        | Tue 2026-11-24       | Fri 2028-11-24       |
cr-asgsf-apply/safe           | Tue 2026-11-24       | Wed 2027-02-24       |
cr-asgsf-apply/other          | Tue 2026-11-24       | Wed 2027-03-24       |
cr-ad-report-comments         | Tue 2026-11-24       | Mon 2026-12-07       |
cr-ad-under-six-weeks         | Tue 2026-11-24       | Tue 2027-01-05       |
cr-ad-adopter-returns         | Tue 2026-11-24       | Mon 2026-11-30       |
cr-ad-agency-recalls          | Fri 2026-12-18       | Thu 2026-12-24       |
cr-ad-consent-back/not-placed | Tue 2026-11-24       | Mon 2026-11-30       |
cr-ad-consent-back/under-six-weeks | Tue 2026-11-24  | Mon 2026-11-30       |
cr-ad-consent-back/placed     | Tue 2026-11-24       | Mon 2026-12-07       |
cr-ad-contact-refusal         | Tue 2026-11-24       | Mon 2026-11-30       |
cr-ad-later-life-letter       | Fri 2026-12-18       | Wed 2027-01-06       |
cr-ad-life-story-book         | Tue 2026-11-24       | Tue 2026-12-08       |
cr-ad-support-review          | Tue 2026-11-24       | Wed 2027-11-24       |
cr-ad-support-three-years     | Tue 2026-11-24       | Sat 2029-11-24       | unknown
cr-ad-former-carer-fee        | Tue 2026-11-24       | Fri 2028-11-24       |
cr-ad-money-statement         | Tue 2026-11-24       | Tue 2026-12-22       |
cr-ad-keep-record             | Tue 2026-11-24       | Sun 2126-11-24       | unknown
cr-ad-birth-record            | Tue 2009-04-14       | Wed 2027-04-14       |
cr-ad-disclosure-review/ask   | Tue 2026-11-24       | Thu 2027-01-21       |
cr-ad-disclosure-review/papers | Tue 2026-11-24      | Tue 2026-12-08       |
cr-ep-carer-withdraws         | Tue 2026-11-24       | Tue 2026-12-22       |
cr-move-end-notice            | Tue 2026-11-24       | Tue 2026-12-08       |
cr-jisa                       | Tue 2026-11-24       | Wed 2027-11-24       |
"""
SCHOOL_DAYS = {
    "rt-school-absence-return": 10,
    "rt-school-removal-absent/absent": 20,
    "rt-school-removal-absent/after-leave": 10,
}

# row/the example's place in the row (0 is the first) | start | last day | the working day to do it by
LOCAL = """
rt-complaint-stage2-ask/0 | Tue 2026-11-24       | Tue 2026-12-22       |
rt-complaint-conference/0 | Tue 2026-11-24       | Tue 2026-12-22       |
rt-complaint-conference/1 | Tue 2026-11-24       | Tue 2026-12-22       |
rt-complaint-conference/2 | Tue 2026-11-24       | Mon 2027-05-24       |
rt-complaint-ack-local/0  | Tue 2026-11-24       | Fri 2026-11-27       |
rt-complaint-ack-local/1  | Tue 2026-11-24       | Thu 2026-11-26       |
rk-csods-steps/0          | Fri 2026-11-27 16:30 | Sat 2026-11-28 16:30 |
rk-csods-steps/1          | Tue 2026-11-24       | Fri 2026-12-04       |
rk-csods-steps/2          | Tue 2026-11-24       | Tue 2026-12-22       |
rk-csods-steps/3          | Tue 2026-11-24       | Fri 2027-01-08       |
rk-bruise-review/0        | Tue 2026-11-24       | Tue 2026-11-24       |
rk-death-first-hours/0    | Tue 2026-11-24 04:30 | Tue 2026-11-24 06:30 |
rk-death-first-hours/1    | Tue 2026-11-24 04:30 | Tue 2026-11-24 08:30 |
rk-death-sharing/0        | Tue 2026-11-24 13:00 | Wed 2026-11-25 13:00 |
rk-death-sharing/1        | Tue 2026-11-24 13:00 | Thu 2026-11-26 13:00 |
rk-death-sharing/2        | Tue 2026-11-24 13:00 | Wed 2026-11-25 13:00 |
rk-death-notify-cdop/0    | Tue 2026-11-24 13:00 | Wed 2026-11-25 13:00 |
rk-death-notify-cdop/1    | Tue 2026-11-24 13:00 | Thu 2026-11-26 13:00 |
rk-age-assessment/0       | Tue 2026-11-24       | Tue 2026-12-22       |
rk-young-carer/0          | Tue 2026-11-24       | Fri 2027-01-29       |
"""

NO_NATIONAL_NUMBER = words("""
rt-complaint-first-response rt-complaint-standing rt-complaint-pause-notice rt-complaint-stage1-terms
rt-complaint-annual-report rt-sar-clarify-pause rt-port-alert rt-s37-review-date
rt-school-deletion-return rk-encompass rk-fgmpo-return rk-fmpo-return rk-death-notify-cdop
rk-death-abuse-panel rk-age-assessment rk-uasc-lac rk-channel-clocks rk-young-carer rk-parent-carer
rk-carer-record rk-carer-18 cr-secure-tell-family cr-secure-under-13 cr-dol-day-of-week cr-dol-renew
cr-homeless-16-17-tonight cr-sa-registered-only cr-sa-tell-serious-event cr-sa-tell-area
cr-sg-money-review cr-move-home-tells-area
""")
LOCAL_RULE = words("""
rt-complaint-conference rt-complaint-ack-local rt-safety-plan-review rk-csods-steps rk-fii-strategy
rk-bruise-review rk-death-first-hours rk-death-sharing
""")
FROM_MEMORY = words("""
rt-safety-plan-review rt-s7-report rk-marac-repeat rk-death-notify-cdop rk-young-carer
cr-homeless-16-17-tonight
""")


def cases(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def moment(written: str) -> Moment:
    _, day, *clock = written.split()
    if clock:
        return datetime.fromisoformat(f"{day}T{clock[0]}").replace(tzinfo=LONDON)
    return date.fromisoformat(day)


def shown(when: Moment | None) -> str:
    if when is None:
        return "unknown"
    return f"{when:%a %Y-%m-%d %H:%M}" if isinstance(when, datetime) else f"{when:%a %Y-%m-%d}"


def counted(limit: Limit, start: str) -> DueDate:
    assert shown(moment(start)) == start, "the weekday written beside the start is wrong"
    return due_date(limit, moment(start), CALENDAR, LONDON)


def row_of(row_id: str) -> Timescale:
    row = BOOK.find(row_id)
    assert row is not None
    return row


def national_limit(name: str) -> Limit:
    row_id, _, part = name.partition("/")
    return next(limit for limit in row_of(row_id).limits if limit.key == part)


@pytest.mark.parametrize(("name", "start", "due", "do_by"), cases(NATIONAL))
def test_national_limits_end_on_the_day_counted_by_hand(name: str, start: str, due: str, do_by: str) -> None:
    found = counted(national_limit(name), start)
    assert (shown(found.due), shown(found.do_by)) == (due, do_by or shown(found.due))


@pytest.mark.parametrize(("name", "start", "due", "do_by"), cases(LOCAL))
def test_examples_end_on_the_day_counted_by_hand(name: str, start: str, due: str, do_by: str) -> None:
    row_id, _, place = name.partition("/")
    found = counted(row_of(row_id).examples[int(place)].limit, start)
    assert (shown(found.due), shown(found.do_by)) == (due, do_by or shown(found.due))


@pytest.mark.parametrize(("name", "amount"), SCHOOL_DAYS.items())
def test_school_days_are_never_guessed(name: str, amount: int) -> None:
    limit = national_limit(name)
    assert (limit.amount, limit.unit) == (amount, "school-days")
    with pytest.raises(NeedsCalendarOfSchool):
        due_date(limit, date(2026, 11, 24), CALENDAR, LONDON)


def test_every_national_limit_is_checked_by_hand() -> None:
    checked = {name for name, *_ in cases(NATIONAL)} | SCHOOL_DAYS.keys()
    held = {
        f"{row_id}/{limit.key}" if limit.key else row_id
        for row_id in ALL_IDS
        for limit in row_of(row_id).limits
    }
    assert checked == held


def test_every_example_is_checked_by_hand() -> None:
    checked = {name for name, *_ in cases(LOCAL)}
    assert checked == {f"{row_id}/{n}" for row_id in ALL_IDS for n in range(len(row_of(row_id).examples))}


@pytest.mark.parametrize(("file", "ids"), IDS.items())
def test_each_file_holds_exactly_the_rows_of_its_table(file: str, ids: list[str]) -> None:
    rows = tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))["timescale"]
    assert [row["id"] for row in rows] == ids


def test_all_153_rows_of_the_sheet_are_there() -> None:
    found = [row_of(name) for name in (*ALL_IDS, *ALIASES)]
    assert len(found) == 153
    assert all(len(row.title) <= 60 for row in found)


@pytest.mark.parametrize(("alias", "row_id"), ALIASES.items())
def test_the_same_clock_under_two_ids_is_one_row(alias: str, row_id: str) -> None:
    assert BOOK.find(alias) is BOOK.find(row_id)


def test_a_duty_without_a_national_number_gets_none() -> None:
    without = {row_id for row_id in ALL_IDS if not row_of(row_id).limits}
    assert without == {*NO_NATIONAL_NUMBER, *LOCAL_RULE}
    assert {row_id for row_id in ALL_IDS if row_of(row_id).force is Force.LOCAL} == set(LOCAL_RULE)


def test_rows_that_show_a_number_from_memory_say_so() -> None:
    assert {row_id for row_id in ALL_IDS if row_of(row_id).verified == "memory"} == set(FROM_MEMORY)


@pytest.mark.parametrize("row_id", ALL_IDS)
def test_rows_from_working_together_say_that_the_newer_edition_is_unchecked(row_id: str) -> None:
    row = row_of(row_id)
    assert row.edition_unchecked is ("Working Together to Safeguard Children 2023" in row.source)


def test_pilots_and_law_not_in_force_are_marked() -> None:
    marked = {row_id: row_of(row_id).status for row_id in ALL_IDS if row_of(row_id).status != "in force"}
    pilots = ("rk-dapn-hearing", "rk-dapn-breach-court", "rk-dapo-notify", "rk-dapo-length")
    assert marked == {"rt-cnis-visit": "enacted, not in force", **dict.fromkeys(pilots, "pilot")}


def test_only_the_councils_own_duties_run_on_a_case() -> None:
    running = {row_id for row_id in ALL_IDS if row_of(row_id).trigger and running_limits(row_of(row_id), {})}
    assert running == {"rt-complaint-stage1", "rt-sar-respond"}
