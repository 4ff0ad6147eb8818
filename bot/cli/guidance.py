"""driftless guidance: checks, lists, signs off, compares and exports the entries."""

import json
from pathlib import Path
from typing import Any

import click

from bot.cli.batches import write
from bot.clock import utc_now
from bot.content.faults import BrokenContent
from bot.content.loading import load_entries, load_library
from bot.content.signing import changed_since, read_sign_offs, sign, still_signed
from bot.rules.dates import show_date
from bot.rules.guidance import SECTIONS, Entry
from bot.rules.library import Library
from bot.settings import Settings, read_settings
from bot.texts.guidance import filled, source_name
from bot.texts.html import plain


@click.group()
def guidance() -> None:
    """Checks, lists, signs off, compares and exports the guidance entries."""


@guidance.command()
def check() -> int:
    """Prints every fault with file, line and mend; exit code 1 if there is one."""
    try:
        library = load_library(read_settings().guidance_overlay)
    except BrokenContent as broken:
        for fault in broken.faults:
            click.echo(str(fault), err=True)
        click.echo("1 fault" if len(broken.faults) == 1 else f"{len(broken.faults)} faults", err=True)
        return 1
    named = {clock for entry in library.guidance.entries for clock in entry.header.clocks}
    lost = [row.id for row in library.book.rows if not named & {row.id, *row.aliases}]
    for row_id in lost:
        click.echo(f"timescale {row_id} is named by no entry", err=True)
    click.echo(
        f"{len(library.guidance.entries)} entries and {len(library.book.rows)} timescales, "
        f"{'no fault' if not lost else f'{len(lost)} timescales out of reach'}."
    )
    return 1 if lost else 0


@guidance.command("list")
@click.option("--due", is_flag=True, help="Only entries whose next check is due.")
@click.option("--json", "as_json", is_flag=True)
def list_(due: bool, as_json: bool) -> None:
    """Every entry with how sure we are, when it is due for checking, and whether it is signed off."""
    settings = read_settings()
    library = load_library(settings.guidance_overlay)
    today = utc_now().astimezone(settings.zone).date()
    for entry in library.guidance.entries:
        header = entry.header
        if due and header.next_check > today:
            continue
        signed = entry.id in library.signed
        if as_json:
            write({**_summary(entry), "signed": signed})
        else:
            state = "signed off" if signed else "not signed off"
            check_on = f"next check {show_date(header.next_check)}"
            click.echo(f"{entry.id}: {entry.title} · {header.verified} · {check_on} · {state}")


def _summary(entry: Entry) -> dict[str, Any]:
    header = entry.header
    return {
        "id": entry.id,
        "title": entry.title,
        "group": header.group,
        "force": header.force.value,
        "status": header.status,
        "verified": header.verified,
        "checked_on": header.checked_on.isoformat(),
        "next_check": header.next_check.isoformat(),
        "clocks": list(header.clocks),
    }


def _overlay(settings: Settings) -> Path:
    if settings.guidance_overlay is None:
        raise click.ClickException("Set GUIDANCE_OVERLAY to your council's folder: sign-offs are kept there.")
    return settings.guidance_overlay


@guidance.command("sign-off")
@click.argument("entries", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every entry as it stands.")
@click.option("--role", required=True, help='Who signs, as a role: "Principal social worker".')
def sign_off(entries: tuple[str, ...], everything: bool, role: str) -> None:
    """Signs ENTRIES off as they stand; a later change of content loses the sign-off."""
    settings = read_settings()
    overlay = _overlay(settings)
    _, loaded = load_entries(overlay)
    wanted = sorted(loaded.contents) if everything else list(entries)
    unknown = [name for name in wanted if name not in loaded.contents]
    if unknown or not wanted:
        raise click.UsageError(f"No entry {unknown[0]}." if unknown else "Name entries, or use --all.")
    today = utc_now().astimezone(settings.zone).date()
    sign(overlay, {name: loaded.contents[name] for name in wanted}, role, today)
    click.echo(
        f"Signed off by {role} on {show_date(today)}: "
        + (wanted[0] if len(wanted) == 1 else f"{len(wanted)} entries")
        + "."
    )


@guidance.command()
@click.argument("entries", nargs=-1)
def diff(entries: tuple[str, ...]) -> int:
    """What has changed since the sign-off, entry by entry; exit code 1 where something has."""
    overlay = _overlay(read_settings())
    _, loaded = load_entries(overlay)
    sign_offs = read_sign_offs(overlay)
    signed = still_signed(sign_offs, loaded.contents)
    changed = [n for n in sorted(entries or sign_offs) if n in loaded.contents and n not in signed]
    for name in changed:
        for line in changed_since(overlay, name, loaded.contents[name]):
            click.echo(line)
    if not changed:
        click.echo("Nothing has changed since the sign-off.")
    return 1 if changed else 0


@guidance.command()
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; else printed.")
def export(form: str, out: Path | None) -> None:
    """All entries in one file, with their numbers filled in, for use elsewhere."""
    library = load_library(read_settings().guidance_overlay)
    whole = [_exported(entry, library) for entry in library.guidance.entries]
    text = (
        json.dumps(whole, ensure_ascii=False, indent=1)
        if form == "json"
        else "\n".join(map(_markdown, whole))
    )
    if out is None:
        click.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
        click.echo(f"{len(whole)} entries in {out}")


def _exported(entry: Entry, library: Library) -> dict[str, Any]:
    return {
        **_summary(entry),
        "signed": entry.id in library.signed,
        "sections": {
            SECTIONS[name]: [plain(filled(line, library)) for line in lines]
            for name, lines in entry.sections.items()
        },
        "sources": [
            {"ref": source.ref, "name": source_name(source), "url": source.url, "verified": source.verified}
            for source in entry.header.sources
        ],
    }


def _markdown(entry: dict[str, Any]) -> str:
    lines = [f"# {entry['title']}", ""]
    for heading, found in entry["sections"].items():
        lines += [f"## {heading}", *found, ""]
    lines += [
        "## Sources",
        *(f"- [{s['ref']}] {s['name']} {s['url']}".rstrip() for s in entry["sources"]),
        "",
    ]
    lines.append(f"_{entry['force']}; {entry['verified']}; checked {entry['checked_on']}_\n")
    return "\n".join(lines)
