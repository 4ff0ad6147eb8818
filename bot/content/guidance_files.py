"""Reads the guidance entries (Markdown with typed front matter) and checks them against the timescales."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.content.bare_numbers import bare_numbers
from bot.content.faults import BrokenContent, Fault
from bot.rules.guidance import GROUPS, SECTIONS, Entry, EntryHeader, Guidance, Source
from bot.rules.placeholders import KINDS, Placeholder, placeholders
from bot.rules.timescales import TimescaleBook, Verified

FOLDER = Path(__file__).parent / "guidance"
CONTACTS = frozenset({"duty", "out-of-hours", "legal", "conference-unit", "practice-lead"})
MOST_SHORT_LINES = 7
ADDITION = ".add.md"
_WEAKNESS: tuple[Verified, ...] = ("primary", "secondary", "local", "memory")
_HEADER = TypeAdapter(EntryHeader)
_SOURCES = TypeAdapter(tuple[Source, ...])
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Both are safe; the one in C is ten times faster and not built everywhere."""
_CITATIONS = re.compile(r"((?:\s*\[[^\[\]]+\])+)\s*$")


@dataclass(frozen=True)
class LoadedGuidance:
    """Checked entries, with the text of each as it stands (with what the council added)."""

    guidance: Guidance
    contents: Mapping[str, str]


def load_guidance(book: TimescaleBook, folder: Path = FOLDER, overlay: Path | None = None) -> LoadedGuidance:
    """All entries in browse order; raises BrokenContent naming file, line and mend.

    overlay: a folder whose SLUG.md replaces or adds an entry, and whose SLUG.add.md adds lines to one.
    """
    read = [_read(path) for path in sorted(folder.glob("*.md"))]
    faults = [found for found in read if isinstance(found, Fault)]
    files = {file.entry.id: file for file in read if isinstance(file, EntryFile)}
    if overlay is not None:
        faults += _overlaid(files, overlay)
    faults += check_entries(list(files.values()), book)
    if faults:
        raise BrokenContent(tuple(faults))
    order = list(GROUPS)
    ranked = sorted(
        (file.entry for file in files.values()),
        key=lambda entry: (order.index(entry.header.group), entry.header.order, entry.id),
    )
    return LoadedGuidance(Guidance(tuple(ranked)), {name: file.content for name, file in files.items()})


def _overlaid(files: dict[str, "EntryFile"], overlay: Path) -> Iterator[Fault]:
    for path in sorted(overlay.glob("*.md")):
        if path.name.endswith(ADDITION):
            yield from _added(files, path)
            continue
        found = _read(path)
        if isinstance(found, Fault):
            yield found
        else:
            files[found.entry.id] = found


def _added(files: dict[str, "EntryFile"], path: Path) -> Iterator[Fault]:
    slug = path.name.removesuffix(ADDITION)
    national = files.get(slug)
    if national is None:
        yield Fault(path, 1, f"adds to {slug}, which is no entry")
        return
    text = path.read_text(encoding="utf-8")
    opening, _, rest = text.partition("---\n")
    front, closing, body = rest.partition("\n---\n")
    if opening.strip() or not closing:
        yield Fault(path, 1, "front matter missing: begin with ---, sources: […], and close it with ---")
        return
    try:
        sources = _SOURCES.validate_python((yaml.load(front, _LOADER) or {}).get("sources", []))
    except (yaml.YAMLError, ValidationError, AttributeError) as error:
        yield Fault(path, 1, f"front matter: {' '.join(str(error).split())[:200]}")
        return
    files[slug] = national.with_addition(path, sources, tuple(_numbered(body, front.count("\n") + 4)), text)


@dataclass(frozen=True)
class EntryFile:
    """An entry with the line numbers that its faults are reported with.

    numbered: (file, line number, section, text) for each line of the body. content: the whole text.
    """

    path: Path
    entry: Entry
    numbered: tuple[tuple[Path, int, str, str], ...]
    content: str

    def with_addition(
        self, path: Path, sources: tuple[Source, ...], lines: tuple[tuple[int, str, str], ...], text: str
    ) -> "EntryFile":
        """This entry with the council's own lines and sources after its own."""
        header = replace(self.entry.header, sources=(*self.entry.header.sources, *sources))
        sections = {name: list(found) for name, found in self.entry.sections.items()}
        for _, section, line in lines:
            sections.setdefault(section, []).append(line)
        entry = Entry(header, {name: tuple(found) for name, found in sections.items()})
        more = tuple((path, number, section, line) for number, section, line in lines)
        return EntryFile(self.path, entry, (*self.numbered, *more), f"{self.content}\n{text}")


def _read(path: Path) -> EntryFile | Fault:
    text = path.read_text(encoding="utf-8")
    opening, _, rest = text.partition("---\n")
    front, closing, body = rest.partition("\n---\n")
    if opening.strip() or not closing:
        return Fault(path, 1, "front matter missing: begin with a line --- and close it with another")
    try:
        header = _HEADER.validate_python(yaml.load(front, _LOADER))
    except yaml.YAMLError as error:
        return Fault(path, 1, f"front matter not readable as YAML: {' '.join(str(error).split())}")
    except ValidationError as error:
        misspelt = (p for p in error.errors() if p["type"] == "unexpected_keyword_argument")
        problem = next(misspelt, error.errors()[0])
        where = ".".join(str(part) for part in problem["loc"])
        return Fault(path, _line_with(text, str(problem["loc"][0])), f"{where}: {problem['msg']}")
    offset = front.count("\n") + 4
    numbered = tuple(_numbered(body, offset))
    sections: dict[str, list[str]] = {}
    for _, section, line in numbered:
        sections.setdefault(section, []).append(line)
    entry = Entry(header, {name: tuple(lines) for name, lines in sections.items()})
    return EntryFile(path, entry, tuple((path, *found) for found in numbered), text)


def _line_with(text: str, key: str) -> int:
    return next((n for n, line in enumerate(text.splitlines(), 1) if line.startswith(f"{key}:")), 1)


def _numbered(body: str, offset: int) -> Iterator[tuple[int, str, str]]:
    section = ""
    for number, line in enumerate(body.splitlines(), offset):
        if line.startswith("## "):
            section = line[3:].strip()
        elif line.strip():
            yield number, section, line.strip()


def check_entries(files: list[EntryFile], book: TimescaleBook) -> list[Fault]:
    """Every fault of the entries, taken together."""
    slugs = {file.entry.id for file in files}
    return [fault for file in files for fault in _entry_faults(file, slugs, book)]


def _entry_faults(file: EntryFile, slugs: set[str], book: TimescaleBook) -> Iterator[Fault]:
    header = file.entry.header
    for what in _header_faults(file, slugs, book):
        yield Fault(file.path, 1, what)
    cited: set[str] = set()
    for path, number, section, line in file.numbered:
        cited |= set(citations(line))
        for what in _line_faults(line, section, header, slugs, book):
            yield Fault(path, number, what)
    for source in header.sources:
        if source.ref not in cited:
            yield Fault(
                file.path, 1, f"source {source.ref} is listed but never cited: cite it or take it out"
            )


def _header_faults(file: EntryFile, slugs: set[str], book: TimescaleBook) -> Iterator[str]:
    header = file.entry.header
    if header.id != file.path.stem:
        yield f"id {header.id} differs from the file's name"
    if header.group not in GROUPS:
        yield f"group {header.group} is none of: {', '.join(GROUPS)}"
    if not header.sources:
        yield "has no source"
    if len(header.questions) < 5:
        yield "has fewer than five questions"
    for other in header.related:
        if other not in slugs or other == header.id:
            yield f"related names {other}, which is no other entry"
    for clock in header.clocks:
        if book.find(clock) is None:
            yield f"clocks names {clock}, which is no timescale"
    if header.verified != (weakest := weakest_source(file.entry)):
        yield f"verified is {header.verified}, but the short answer rests on what is {weakest}"
    yield from _section_faults(file.entry)


def weakest_source(entry: Entry) -> Verified:
    """How sure the short answer is: its weakest source, lines that say "unverified" themselves left out."""
    marks = {source.ref: source.verified for source in entry.header.sources}
    sure = [line for line in entry.sections.get("Short answer", ()) if "{unverified}" not in line]
    found = [marks[ref] for line in sure for ref in citations(line) if ref in marks]
    return max(found, key=_WEAKNESS.index, default="memory")


def _section_faults(entry: Entry) -> Iterator[str]:
    for missing in sorted({"Short answer", "Steps"} - set(entry.sections)):
        yield f"section ## {missing} is missing"
    for unknown in sorted(set(entry.sections) - set(SECTIONS)):
        yield f"section ## {unknown} is none of: {', '.join(SECTIONS)}"
    lines = len(entry.sections.get("Short answer", ()))
    if not 3 <= lines <= MOST_SHORT_LINES:
        yield f"the short answer has {lines} lines: 3 to {MOST_SHORT_LINES} are right"


def citations(line: str) -> tuple[str, ...]:
    """The refs that a line cites at its end: "… [WT] [CA89]" gives ("WT", "CA89")."""
    found = _CITATIONS.search(line)
    return tuple(re.findall(r"\[([^\[\]]+)\]", found[1])) if found else ()


def _line_faults(
    line: str, section: str, header: EntryHeader, slugs: set[str], book: TimescaleBook
) -> Iterator[str]:
    marks = tuple(placeholders(line))
    refs = {source.ref for source in header.sources}
    cited = citations(line)
    for ref in cited:
        if ref not in refs:
            yield f"cites [{ref}], which is not among the sources"
    if not cited and not any(mark.kind in ("unverified", "clock") for mark in marks):
        yield "says something without a source: end it with [REF], or with {unverified}"
    for mark in marks:
        yield from _mark_faults(mark, header, slugs, book)
    for number in bare_numbers(line, book):
        yield f"types {number!r}, which a timescale says: use {{clock:…}}, {{amount:…}} or {{plain:…}}"


def _mark_faults(
    mark: Placeholder, header: EntryHeader, slugs: set[str], book: TimescaleBook
) -> Iterator[str]:
    if mark.kind not in KINDS:
        yield f"placeholder {{{mark.kind}…}} is none of: {', '.join(KINDS)}"
    elif mark.kind == "entry" and mark.name not in slugs:
        yield f"{{entry:{mark.name}}} names no entry"
    elif mark.kind == "contact" and mark.name not in CONTACTS:
        yield f"{{contact:{mark.name}}} is none of: {', '.join(sorted(CONTACTS))}"
    elif mark.kind in ("clock", "amount", "start"):
        row = book.find(mark.name)
        if row is None:
            yield f"{{{mark.kind}:{mark.name}}} names no timescale"
        elif mark.name not in header.clocks:
            yield f"{{{mark.kind}:{mark.name}}} is used but not listed under clocks"
        elif mark.part and mark.part not in {limit.key for limit in row.limits}:
            yield f"timescale {mark.name} has no part {mark.part}"
        elif mark.kind == "amount" and not row.limits:
            yield f"timescale {mark.name} has no national number: use {{clock:{mark.name}}}"
