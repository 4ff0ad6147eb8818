"""python -m bot.content.check [FILE…]: prints every fault of the named entries (or of all content)."""

import sys
from pathlib import Path

from bot.content.faults import BrokenContent
from bot.content.loading import load_library


def main() -> int:
    """Exit code 0 when nothing is wrong, else 1."""
    wanted = {Path(name).resolve() for name in sys.argv[1:]}
    try:
        load_library()
    except BrokenContent as broken:
        faults = [fault for fault in broken.faults if not wanted or fault.path.resolve() in wanted]
        for fault in faults:
            sys.stderr.write(f"{fault}\n")
        return 1 if faults else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
