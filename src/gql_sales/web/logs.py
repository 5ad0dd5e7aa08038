"""One JSON object per line on standard error, for the program's own log and for that of its libraries."""

import logging
import sys
from typing import TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

VALUE_LENGTH = 2000
"""Characters of one logged value; only a traceback may be longer."""
UNCUT = ("exception",)


def cut(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Shorten what callers may have made long."""
    for key, value in event.items():
        if isinstance(value, str) and len(value) > VALUE_LENGTH and key not in UNCUT:
            event[key] = value[:VALUE_LENGTH] + "…"
    return event


def encode(event: EventDict, **_: object) -> str:
    """One line; what JSON does not know is written as text."""
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    cut,
]


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at the time, also when it was exchanged after the start."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        self.stream = sys.stderr
        super().emit(record)


def configure_logs(level: int = logging.INFO) -> None:
    """Send everything that is logged in this process through one formatter; done by the server, not by tests."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=encode),
        ],
    )
    handler = StandardError()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
