"""Keeps secrets out of the logs of HTTP libraries: what they write at DEBUG holds requests and answers."""

from __future__ import annotations

import logging
from typing import Final

from .bounds import call_under_way

LIBRARIES: Final = ("aiobotocore", "aiohttp", "boto3", "botocore", "h2", "hpack", "httpcore", "httpx", "urllib3")
_IMPORTED_LATER: Final = ("httpcore.http2", "hpack.hpack", "hpack.table")


class _NotDuringCalls(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.DEBUG or call_under_way() is None


_FILTER: Final = _NotDuringCalls()


def silence() -> None:
    """Drop what the libraries log at DEBUG within a call of ours; other records, and all other calls, are let through.

    A filter sees only the records of its own logger, so each one gets it.
    """
    known = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in LIBRARIES]
    for name in (*known, *LIBRARIES, *_IMPORTED_LATER):
        logging.getLogger(name).addFilter(_FILTER)
