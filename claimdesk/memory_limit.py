"""How much memory a process of ours may take: what handles hostile bytes must not take that of the whole computer."""

from __future__ import annotations

import contextlib
import sys


def limit_memory(most: int) -> None:
    """Let this process have at most so many bytes from now on; Windows knows no such limit."""
    if sys.platform == 'win32':
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
