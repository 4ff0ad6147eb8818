"""Answers to presses and to inline queries."""

from bot.simulator.methods.answering import text_of
from bot.simulator.model import Json
from bot.simulator.refusals import Refusal, bad_request
from bot.simulator.telegram import PRESS_ANSWERABLE_FOR, Telegram
from bot.simulator.units import length

_LONGEST_ANSWER = 200
_MOST_RESULTS = 50
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_press(telegram: Telegram, given: Json) -> bool:
    """Shows the toast or alert; a press is answered once, and soon."""
    press = telegram.presses.get(given["callback_query_id"])
    if press is None or press.answered or telegram.clock() - press.at > PRESS_ANSWERABLE_FOR:
        raise bad_request(_TOO_OLD)
    if length(given.get("text", "")) > _LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered = True
    answer = {
        "query_id": given["callback_query_id"],
        "message_id": press.message_id,
        "text": given.get("text", ""),
        "show_alert": given.get("show_alert", False),
        "url": given.get("url"),
    }
    telegram.answers.setdefault(press.person.id, []).append(answer)
    telegram.changed.notify()
    telegram.events.publish("answer", person=press.person.id, answer=answer)
    return True


def answer_inline(telegram: Telegram, given: Json) -> bool:
    """Offers results; each has an id of its own. Articles with text can be chosen."""
    ask = telegram.inline.get(given["inline_query_id"])
    if ask is None or ask.results is not None or telegram.clock() - ask.at > PRESS_ANSWERABLE_FOR:
        raise bad_request(_TOO_OLD)
    results: list[Json] = given["results"]
    if len(results) > _MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({result["id"] for result in results}) != len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    ask.results = [_offered(result) for result in results]
    telegram.changed.notify()
    telegram.events.publish(
        "inline", person=ask.person.id, query_id=given["inline_query_id"], results=ask.results
    )
    return True


def _offered(result: Json) -> Json:
    content = result.get("input_message_content")
    if result.get("type") != "article" or content is None or "message_text" not in content:
        raise Refusal(
            501, "Not Implemented: the simulator offers inline results of type article with text only"
        )
    words, entities = text_of({**content, "text": content["message_text"]})
    return {
        "id": result["id"],
        "title": result["title"],
        "description": result.get("description", ""),
        "words": words,
        "entities": entities,
        "reply_markup": result.get("reply_markup"),
    }
