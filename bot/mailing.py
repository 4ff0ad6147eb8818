"""E-mail to people whom Telegram can't reach: the same words, through the council's own mail server."""

import logging
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import aiosmtplib

from bot.receipts import Failed, Mailed, Receipt, TryLater, Unsure
from bot.settings import Settings
from bot.texts.html import plain
from bot.texts.mailing import SUBJECT
from bot.texts.reply import Say

log = logging.getLogger(__name__)
_PATIENCE = 20.0
_FOR_GOOD = 500


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and from whom it comes."""

    host: str
    port: int
    security: str
    """starttls, tls or none."""
    sender: str
    username: str = ""
    password: str = ""

    async def send(self, address: str, words: Say) -> Receipt:
        """Hands one message in; what became of it, never an error of the server's."""
        try:
            await aiosmtplib.send(_letter(self.sender, address, words), **self._way())  # type: ignore[arg-type]
        except aiosmtplib.SMTPAuthenticationError as error:
            return self._told(TryLater(f"the mail server refuses the login: {error.code}"))
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPResponseException) as error:
            return self._told(_refused(error))
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPReadTimeoutError) as error:
            return self._told(Unsure(type(error).__name__))
        except (aiosmtplib.SMTPException, OSError) as error:
            return self._told(TryLater(type(error).__name__))
        return Mailed()

    async def greet(self) -> str:
        """Connects and logs in, for doctor; what is wrong, or nothing."""
        try:
            async with aiosmtplib.SMTP(**self._way()):  # type: ignore[arg-type]
                return ""
        except (aiosmtplib.SMTPException, OSError) as error:
            return type(error).__name__

    def _way(self) -> dict[str, object]:
        return {
            "hostname": self.host,
            "port": self.port,
            "username": self.username or None,
            "password": self.password or None,
            "use_tls": self.security == "tls",
            "start_tls": self.security == "starttls",
            "timeout": _PATIENCE,
        }

    def _told(self, receipt: Failed | TryLater | Unsure) -> Receipt:
        log.warning("e-mail: %s", receipt.reason)
        return receipt


def mail_server(settings: Settings) -> MailServer | None:
    """Where e-mail is handed in; None where none is sent."""
    if not settings.smtp_host:
        return None
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_from,
        settings.smtp_username,
        settings.smtp_password,
    )


def _letter(sender: str, address: str, words: Say) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, address, SUBJECT
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(plain(words.text))
    return letter


def _refused(error: aiosmtplib.SMTPException) -> Failed | TryLater:
    """By code, not by wording: 5xx is for good, 4xx may pass."""
    refusals = error.recipients if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else [error]
    codes = [one.code for one in refusals if isinstance(one, aiosmtplib.SMTPResponseException)]
    reason = f"the mail server answers {', '.join(map(str, codes))}"
    return Failed(reason) if codes and min(codes) >= _FOR_GOOD else TryLater(reason)
