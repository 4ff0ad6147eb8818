"""How long each kind is kept: defaults above their floors, and what the settings accept."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from bot.rules.retention import KINDS, KindName, Retention, fault_of
from bot.settings import Settings

NOW = datetime.fromisoformat("2026-11-24T10:00+00:00")


@pytest.mark.parametrize("name", KINDS)
def test_the_default_is_accepted_and_a_day_under_the_floor_is_not(name: KindName) -> None:
    kind = KINDS[name]
    assert fault_of(name, kind.default) == ""
    assert fault_of(name, kind.floor) == ""
    assert f"at least {kind.floor} days" in fault_of(name, kind.floor - 1)
    assert bool(fault_of(name, 0)) != kind.keeps


def test_each_kind_is_a_setting_with_its_default() -> None:
    settings = Settings(_env_file=None)
    assert settings.retention == Retention()
    assert {name for name in Settings.model_fields if name.startswith("keep_")} == {
        f"keep_{name}_days" for name in KINDS
    }


@pytest.mark.parametrize(
    ("setting", "days", "said"),
    [
        ("keep_questions_days", 30, "at least 31 days: the practice lead"),
        ("keep_questions_days", 0, "at least 31 days"),
        ("keep_audit_days", 100, "at least 366 days, or 0 to keep it"),
        ("keep_sent_days", -1, "at least 60 days"),
    ],
)
def test_too_short_is_refused_in_words(setting: str, days: int, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings.model_validate({setting: days})


def test_references_leave_the_chat_while_the_message_is_still_known() -> None:
    with pytest.raises(ValidationError, match="KEEP_SENT_DAYS must be more than KEEP_REFERENCES_DAYS and"):
        Settings(_env_file=None, keep_sent_days=60, keep_references_days=60)


def test_nothing_is_cut_off_where_it_is_kept() -> None:
    kept = Retention()
    assert kept.cut_off("audit", NOW) is None
    assert kept.lasts("audit") == "kept"
    assert kept.cut_off("inbox", NOW) == NOW - timedelta(days=2)
    assert kept.lasts("inbox") == "2 days"
