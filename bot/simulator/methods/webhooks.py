"""setWebhook, deleteWebhook, getWebhookInfo."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.simulator.model import Json
from bot.simulator.refusals import bad_request
from bot.simulator.telegram import Telegram, Webhook

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def set_webhook(telegram: Telegram, given: Json) -> bool:
    """Updates go to this address from now on; an empty one turns it off."""
    if not given["url"]:
        return delete_webhook(telegram, given)
    _check_address(given["url"])
    secret = given.get("secret_token")
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= given.get("max_connections", 40) <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    telegram.updates.want(given.get("allowed_updates"))
    if given.get("drop_pending_updates"):
        telegram.updates.drop_all()
    telegram.webhook = Webhook(given["url"], secret, given.get("max_connections", 40))
    telegram.changed.notify()
    return True


def _check_address(url: str) -> None:
    """HTTPS, as Telegram wants; plain HTTP on loopback, because this is a simulator."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host:
        raise bad_request("bad webhook: invalid webhook URL specified")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def delete_webhook(telegram: Telegram, given: Json) -> bool:
    """Back to getUpdates."""
    if given.get("drop_pending_updates"):
        telegram.updates.drop_all()
    telegram.webhook = Webhook()
    telegram.changed.notify()
    return True


def webhook_info(telegram: Telegram, _given: Json) -> Json:
    """Where updates go and what went wrong last."""
    hook = telegram.webhook
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(telegram.updates.pending()),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
        if telegram.updates.allowed_asked_for:
            info["allowed_updates"] = telegram.updates.allowed_asked_for
    if hook.last_error_at is not None:
        info["last_error_date"] = int(hook.last_error_at.timestamp())
        info["last_error_message"] = hook.last_error
    return info
