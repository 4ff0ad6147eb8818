"""An update as it came, read by the library."""

import logging
from typing import Any

from telegram import Bot, Update

from handlers.arriving import usable, well_formed

log = logging.getLogger(__name__)


def read_update(received: dict[str, Any], bot: Bot) -> Update | None:
    """The update, or None for one that the library can't read: it is left out, and logged by its number."""
    if not well_formed(received):
        log.error("an update has no sane form; it is left out")
        return None
    try:
        update = Update.de_json(dict(received), bot)
    except Exception as error:
        log.error("update %s can't be read: %s", received["update_id"], type(error).__name__)
        return None
    if not usable(update):
        log.error("update %s can't be read: it has values of the wrong kind", received["update_id"])
        return None
    return update
