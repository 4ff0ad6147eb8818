"""Telegram's HTML, read as strictly as Telegram reads it: the text and its entities, or a refusal."""

import html
import re
from dataclasses import dataclass

from bot.simulator.refusals import Refusal, bad_request
from bot.simulator.units import Entity, length

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9a-fA-F]+));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_BARE_VALUE = re.compile(r"[A-Za-z0-9.\-]*")


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    at: int


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Raises a Refusal in Telegram's words for anything that Telegram would not take."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._source):
            if self._source[self._at] == "<":
                if self._source.startswith("</", self._at):
                    self._end_tag()
                else:
                    self._start_tag()
            else:
                self._text()
        if self._open:
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._out), self._entities

    def _text(self) -> None:
        stop = self._source.find("<", self._at)
        stop = len(self._source) if stop < 0 else stop
        words = _REFERENCE.sub(_character, self._source[self._at : stop])
        self._out.append(words)
        self._offset += length(words)
        self._at = stop

    def _byte(self, at: int) -> int:
        return len(self._source[:at].encode())

    def _peek(self) -> str:
        return self._source[self._at] if self._at < len(self._source) else ""

    def _skip_space(self) -> None:
        while self._peek().isspace():
            self._at += 1

    def _name_until(self, stops: str) -> str:
        begin = self._at
        while self._peek() and not self._peek().isspace() and self._peek() not in stops:
            self._at += 1
        return self._source[begin : self._at]

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        tag = self._name_until(">").lower()
        if not self._peek():
            raise _cannot(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _KINDS:
            raise _cannot(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        argument = self._attributes(tag, begin)
        if tag == "span" and argument != "tg-spoiler":
            raise _cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self._open.append(_Open(tag, argument, self._offset, begin))

    def _attributes(self, tag: str, begin: int) -> str:
        argument = ""
        while True:
            self._skip_space()
            if self._peek() == ">":
                self._at += 1
                return argument
            if not self._peek():
                raise _cannot(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
            name, value = self._attribute(tag, begin)
            argument = _argument(tag, name, value) or argument

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._name_until("=>" if tag == "blockquote" else "=").lower()
        if not name:
            raise _cannot(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}')
        self._skip_space()
        if tag == "blockquote" and name == "expandable" and self._peek() != "=":
            return name, ""
        if self._peek() != "=":
            raise _cannot(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset '
                f"{self._byte(begin)}"
            )
        self._at += 1
        self._skip_space()
        return name, self._value(tag, begin)

    def _value(self, tag: str, begin: int) -> str:
        quote = self._peek()
        if quote and quote in "\"'":
            stop = self._source.find(quote, self._at + 1)
            if stop < 0:
                raise _cannot(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
            value = self._source[self._at + 1 : stop]
            self._at = stop + 1
            return html.unescape(value)
        bare = _BARE_VALUE.match(self._source, self._at)
        value = bare.group() if bare else ""
        self._at += len(value)
        if self._peek() and not self._peek().isspace() and self._peek() != ">":
            raise _cannot(f"Unexpected end of name token at byte offset {self._byte(self._at)}")
        return value

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise _cannot(f"Unexpected end tag at byte offset {self._byte(begin)}")
        self._at += 2
        name = self._name_until(">").lower()
        self._skip_space()
        if self._peek() != ">":
            raise _cannot(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self._at += 1
        opened = self._open.pop()
        if name and name != opened.tag:
            raise _cannot(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", '
                f'found "</{name}>"'
            )
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        size = self._offset - opened.offset
        entity: Entity = {"type": _KINDS[opened.tag], "offset": opened.offset, "length": size}
        if not size or not _complete(entity, opened):
            return
        inside_pre = bool(self._open) and self._open[-1].tag == "pre"
        if entity["type"] == "code" and inside_pre:
            if opened.argument:
                self._open[-1].argument = opened.argument
            return
        self._entities.append(entity)


def _complete(entity: Entity, opened: _Open) -> bool:
    """Adds what the kind needs; False when Telegram would drop the entity and keep the words."""
    kind = entity["type"]
    if kind == "text_link":
        if not re.match(r"(?i)(https?|tg|mailto|tel|ton)://?.|(mailto|tel):.", opened.argument):
            return False
        entity["url"] = opened.argument
    elif kind == "custom_emoji":
        entity["custom_emoji_id"] = opened.argument
    elif kind == "pre" and opened.argument:
        entity["language"] = opened.argument
    elif kind == "blockquote" and opened.argument:
        entity["type"] = "expandable_blockquote"
    return True


def _argument(tag: str, name: str, value: str) -> str:
    if tag == "code" and name == "class":
        return value.removeprefix("language-") if value.startswith("language-") else ""
    wanted = {"a": "href", "span": "class", "tg-emoji": "emoji-id", "blockquote": "expandable"}
    if wanted.get(tag) != name:
        return ""
    return value or ("expandable" if tag == "blockquote" else "")


def _character(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else found.group()


def _cannot(words: str) -> Refusal:
    return bad_request(f"can't parse entities: {words}")
