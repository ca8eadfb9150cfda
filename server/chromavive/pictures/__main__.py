"""The child's side of decoding: ``python -m chromavive.pictures IN OUT ANSWER LIMITS``.

LIMITS is one JSON object with the fields of `PhotographLimits` and `ChildLimits`, and `aside`: null or an `AsideWish`.
ANSWER gets `{"meta": {...}}` or `{"error": CODE}`; with the former, OUT holds the lightness, (H, W) uint16, as .npy, or
the colors that were wished for, (2, h, w) float32. Where the disk is full there is
no room for an answer either: the exit status is DISK_FULL_STATUS then.
"""

import errno
import json
import math
import os
import sys
from dataclasses import asdict
from pathlib import Path

from chromavive.errors import DecodingFailed, RequestRefused
from chromavive.pictures.contract import DISK_FULL_STATUS, AsideWish, ChildLimits, PhotographLimits


def confine(limits: ChildLimits, written_bytes_max: int) -> None:
    """Takes from this process, for good, whatever a decoder does not need."""
    if sys.platform == "win32":
        return
    import resource

    seconds = math.ceil(limits.seconds_max)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written_bytes_max, written_bytes_max))
    if sys.platform == "linux":  # macOS takes the number and does not hold it
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes_max, limits.memory_bytes_max))
    os.nice(5)  # a large upload must not slow the rooms that are being painted


def main(path_in: str, path_out: str, path_answer: str, limits_json: str) -> None:
    numbers = json.loads(limits_json)
    wish = numbers.pop("aside", None)
    child = ChildLimits(**{name: numbers.pop(name) for name in ChildLimits.__dataclass_fields__})
    limits = PhotographLimits(**numbers)
    confine(child, written_bytes_max=2 * limits.pixels_max + 4096)
    try:
        # Imported under the limits: they hold for the decoders' own memory too.
        import numpy as np

        from chromavive.pictures.aside import Aside
        from chromavive.pictures.door import open_photograph

        aside = Aside(AsideWish(**wish)) if wish else None
        decoded = open_photograph(Path(path_in).read_bytes(), limits, aside)
        np.save(path_out, np.ascontiguousarray(aside.planes() if aside else decoded.lightness))
        answer: dict[str, object] = {"meta": asdict(decoded.meta)}
    except RequestRefused as refused:
        answer = {"error": refused.code}
    except MemoryError:
        answer = {"error": DecodingFailed.code}
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sys.exit(DISK_FULL_STATUS)
        raise
    Path(path_answer).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
