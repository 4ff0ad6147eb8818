"""Sign-off: the practice lead's yes to each entry, by role, date and content, kept in the overlay."""

import difflib
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SIGNED_FILE = "signed.toml"
SIGNED_COPIES = "signed"


@dataclass(frozen=True)
class SignOff:
    """One entry's sign-off."""

    role: str
    on: date
    content: str
    """The SHA-256 of the entry's file when it was signed."""


SignOffs = Mapping[str, SignOff]


def content_hash(content: str) -> str:
    """The hash of an entry's whole text."""
    return hashlib.sha256(content.encode()).hexdigest()


def still_signed(sign_offs: SignOffs, contents: Mapping[str, str]) -> frozenset[str]:
    """The entries whose text is what was signed."""
    return frozenset(
        name
        for name, content in contents.items()
        if name in sign_offs and sign_offs[name].content == content_hash(content)
    )


def read_sign_offs(overlay: Path | None) -> SignOffs:
    """Every sign-off in the overlay; empty where there is none."""
    path = overlay / SIGNED_FILE if overlay is not None else None
    if path is None or not path.is_file():
        return {}
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: SignOff(item["role"], item["on"], item["content"])
        for name, item in raw.items()
        if {"role", "on", "content"} <= set(item)
    }


def sign(overlay: Path, contents: Mapping[str, str], role: str, today: date) -> None:
    """Signs these entries as they stand, and keeps a copy of each to compare with later."""
    kept = dict(read_sign_offs(overlay))
    copies = overlay / SIGNED_COPIES
    copies.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        kept[name] = SignOff(role, today, content_hash(content))
        (copies / f"{name}.md").write_text(content, encoding="utf-8")
    lines = ["# Written by `driftless guidance sign-off`: who signed which entry, when, and what it said."]
    for name, item in sorted(kept.items()):
        role_text = item.role.replace("\\", "\\\\").replace('"', '\\"')
        lines += ["", f"[{name}]", f'role = "{role_text}"', f"on = {item.on}", f'content = "{item.content}"']
    (overlay / SIGNED_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def changed_since(overlay: Path, name: str, content: str) -> Iterator[str]:
    """The lines by which an entry differs from what was signed, as a unified diff."""
    copy = overlay / SIGNED_COPIES / f"{name}.md"
    before = copy.read_text(encoding="utf-8").splitlines() if copy.is_file() else []
    after = content.splitlines()
    yield from difflib.unified_diff(before, after, f"{name} (signed)", f"{name} (now)", lineterm="")
