"""Telegram's HTML: what becomes an entity, what is refused and in which words."""

import pytest

from bot.simulator.entities import as_html, with_found
from bot.simulator.markup import parse_html
from bot.simulator.refusals import Refusal
from bot.simulator.units import trimmed

REFUSED = [
    ("<b>bold", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b>bold</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
    ("<b><i>both</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
    ("end</b>", "Unexpected end tag at byte offset 3"),
    ("<p>para</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
    ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
    ("a <", "Unclosed start tag at byte offset 2"),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
    ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 9"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
]


@pytest.mark.parametrize(("source", "words"), REFUSED)
def test_broken_html_is_refused_in_telegrams_words(source: str, words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {words}"


READ = [
    ("<b>a</b>", "a", [("bold", 0, 1)]),
    ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
    ("x <u>a</u> <s>b</s>", "x a b", [("underline", 2, 1), ("strikethrough", 4, 1)]),
    ("<B>a</B >", "a", [("bold", 0, 1)]),
    ("<b>a</>", "a", [("bold", 0, 1)]),
    ("<b>😀</b><i>x</i>", "😀x", [("bold", 0, 2), ("italic", 2, 1)]),
    ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ("&lt;b&gt; &amp; &quot; &#65;&#x42;", '<b> & " AB', []),
    ("&nbsp; stays", "&nbsp; stays", []),
    ("<b></b>x", "x", []),
    ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
    ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
    ('<a href="nowhere">x</a>', "x", []),
]


@pytest.mark.parametrize(("source", "text", "entities"), READ)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    read, found = parse_html(source)
    assert read == text
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == entities


def test_links_and_code_keep_what_they_carry() -> None:
    _, link = parse_html("<a href='https://example.org/?a=1&amp;b=2'>x</a>")
    assert link[0]["url"] == "https://example.org/?a=1&b=2"
    _, code = parse_html('<pre><code class="language-python">x</code></pre>')
    assert code == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


@pytest.mark.parametrize(
    ("text", "kind", "offset", "length"),
    [
        ("/start ABC", "bot_command", 0, 6),
        ("try /help@driftless_demo_bot", "bot_command", 4, 24),
        ("ask @somebody now", "mention", 4, 9),
        ("see https://example.org/x.", "url", 4, 21),
        ("write a.b@example.org", "email", 6, 15),
        ("#CP1042 late", "hashtag", 0, 7),
    ],
)
def test_telegram_finds_entities_by_itself(text: str, kind: str, offset: int, length: int) -> None:
    assert with_found(text, []) == [{"type": kind, "offset": offset, "length": length}]


@pytest.mark.parametrize("text", ["3/11 and 4/12", "2026/visit", "a#b", "CP-1042", "</b>"])
def test_what_only_looks_like_an_entity_is_left_alone(text: str) -> None:
    assert with_found(text, []) == []


def test_white_space_at_the_ends_goes_and_entities_move_along() -> None:
    text, entities = parse_html("  \n<b> a </b>\n")
    assert trimmed(text, entities) == ("a", [{"type": "bold", "offset": 0, "length": 1}])


def test_the_page_gets_escaped_html() -> None:
    text, entities = parse_html('<b>&lt;script&gt; <i>😀</i></b> <a href="https://e.org/&quot;">go</a>')
    assert as_html(text, entities) == (
        "<strong>&lt;script&gt; <em>😀</em></strong> "
        '<a href="https://e.org/&quot;" target="_blank" rel="noopener noreferrer">go</a>'
    )


def test_a_link_that_could_run_code_is_never_drawn() -> None:
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}
    assert as_html("x", [entity]) == "x"
