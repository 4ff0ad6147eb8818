"""Reads and writes lines of JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import click


def read_lines(file: TextIO, *needed: str) -> Iterator[dict[str, Any]]:
    """Each line's object; raises ClickException naming the line that is no object or lacks a field."""
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise click.ClickException(f"{file.name}, line {number}: no JSON: {error.msg}") from None
        if not isinstance(item, dict):
            raise click.ClickException(f"{file.name}, line {number}: an object is needed, like {{…}}")
        missing = [name for name in needed if name not in item]
        if missing:
            raise click.ClickException(f"{file.name}, line {number}: missing {', '.join(missing)}")
        yield item


def write(item: Mapping[str, Any]) -> None:
    """One object a line on stdout."""
    click.echo(json.dumps(item, ensure_ascii=False))
