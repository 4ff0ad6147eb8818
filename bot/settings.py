"""Settings, read once from the environment or a .env file when a command starts."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.rules.references import DEFAULT_PATTERN, ReferencePattern, UnsafePattern
from bot.rules.retention import KINDS, KindName, Retention, fault_of

_KEPT: dict[str, KindName] = {f"keep_{name}_days": name for name in KINDS}


class BadSettings(Exception):
    """A setting is missing or wrong; the text names it and says what is accepted."""


class Settings(BaseSettings):
    """Everything that differs from one council or machine to another; see .env.example."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    bot_token: str = ""
    bot_api_url: str = "https://api.telegram.org"
    bot_username: str = ""
    database_url: str = "sqlite:///driftless.sqlite"
    time_zone: str = "Europe/London"
    guidance_overlay: Path | None = None
    case_reference_pattern: str = DEFAULT_PATTERN
    extra_bank_holidays: Annotated[tuple[date, ...], NoDecode] = ()
    tick_seconds: float = Field(default=15, gt=0)
    messages_per_second: float = Field(default=25, ge=0)
    messages_per_chat_second: float = Field(default=1, ge=0)
    messages_per_group_minute: float = Field(default=20, ge=0)
    updates_per_person_minute: int = Field(default=60, ge=0)
    updates: Literal["polling", "webhook"] = "polling"
    web_host: str = "127.0.0.1"
    web_port: int | None = Field(default=None, ge=0, le=65535)
    web_address: str = ""
    ping_url: str = ""
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str = ""
    smtp_password: str = ""
    smtp_from: str = ""
    email_domains: Annotated[tuple[str, ...], NoDecode] = ()
    run_by: str = "your council"
    privacy_contact: str = "your administrator"
    keep_questions_days: int = KINDS["questions"].default
    keep_shown_days: int = KINDS["shown"].default
    keep_notices_days: int = KINDS["notices"].default
    keep_inbox_days: int = KINDS["inbox"].default
    keep_floods_days: int = KINDS["floods"].default
    keep_dialogues_days: int = KINDS["dialogues"].default
    keep_references_days: int = KINDS["references"].default
    keep_sent_days: int = KINDS["sent"].default
    keep_web_keys_days: int = KINDS["web_keys"].default
    keep_closed_cases_days: int = KINDS["closed_cases"].default
    keep_audit_days: int = KINDS["audit"].default
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @field_validator("extra_bank_holidays", "email_domains", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{value!r} is no time zone; Europe/London is the usual one") from None
        return value

    @field_validator("case_reference_pattern")
    @classmethod
    def _safe_pattern(cls, value: str) -> str:
        try:
            ReferencePattern(value)
        except UnsafePattern as error:
            raise ValueError(str(error)) from None
        return value

    @field_validator(*_KEPT)
    @classmethod
    def _long_enough(cls, value: int, info: ValidationInfo) -> int:
        fault = fault_of(_KEPT[info.field_name or ""], value)
        if fault:
            raise ValueError(fault)
        return value

    @field_validator("web_address")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("give the whole address, as in https://driftless.example.gov.uk")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _webhook_has_an_address(self) -> Self:
        if self.by_webhook and (self.web_port is None or not self.web_address):
            raise ValueError("UPDATES=webhook needs WEB_PORT and WEB_ADDRESS as well")
        return self

    @model_validator(mode="after")
    def _mail_has_a_sender_and_limits(self) -> Self:
        if self.smtp_host and not ("@" in self.smtp_from and self.email_domains):
            raise ValueError(
                "SMTP_HOST needs SMTP_FROM, an address, and EMAIL_DOMAINS, the domains that may be written to"
            )
        return self

    @model_validator(mode="after")
    def _references_go_first(self) -> Self:
        if self.keep_sent_days <= max(self.keep_references_days, self.keep_notices_days):
            raise ValueError(
                "KEEP_SENT_DAYS must be more than KEEP_REFERENCES_DAYS and KEEP_NOTICES_DAYS: "
                "a message is changed, and a note is known to be told, while that it was sent is known"
            )
        return self

    @property
    def retention(self) -> Retention:
        """How long each kind of row is kept."""
        return Retention({name: getattr(self, setting) for setting, name in _KEPT.items()})

    @property
    def by_webhook(self) -> bool:
        """Whether Telegram brings the updates, instead of our fetching them."""
        return self.updates == "webhook"

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.time_zone)

    def require_token(self) -> str:
        """The bot's token; raises BadSettings where none is set."""
        if not self.bot_token:
            raise BadSettings("BOT_TOKEN is not set: put the token that @BotFather gave you into .env")
        return self.bot_token


def read_settings() -> Settings:
    """Settings from the environment and .env; raises BadSettings with one clear line."""
    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors()[0]
        name = "_".join(str(part) for part in problem["loc"]).upper()
        words = str(problem["msg"]).removeprefix("Value error, ")
        raise BadSettings(f"{name}: {words}" if name else words) from None
