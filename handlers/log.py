"""The log: what happened and how often, never about whom, never what was said.

Every line passes one gate. Our own lines may carry only the fields named here; a library's line is reduced
to the place it came from and its unfilled template, because libraries put URLs (with the token), updates and
SQL parameters into their messages; of an exception only the types and places remain.
"""

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

#: Counts, codes and names of our own; nothing that comes from outside.
FIELDS = frozenset(
    {
        "event", "level", "timestamp", "logger", "at", "error", "count", "kind", "code", "state", "seconds",
        "status", "method", "route", "port", "host", "tries", "job", "pending", "version", "revision",
        "outcome", "part", "template",
    }
)  # fmt: skip

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def get(name: str) -> FilteringBoundLogger:
    """The logger of one module."""
    logger: FilteringBoundLogger = structlog.get_logger(part=name)
    return logger


def configure(*, as_json: bool = False, level: int = logging.INFO) -> None:
    """Route structlog and the standard library's logging through the gate to stderr."""
    renderer = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, stamp, gate, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_StderrFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _Stderr()
    handler.setFormatter(_Reduced(lambda event: renderer(None, "", gate(None, "", stamp(None, "", event)))))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # Their INFO lines are URLs; uvicorn configures nothing itself (log_config=None).
    for noisy in ("httpx", "httpcore", "aiohttp.access", "aiohttp.client", "uvicorn.access"):
        logging.getLogger(noisy).disabled = True


def gate(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """Keep the allowed fields; turn an exception into types and places."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    if isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    kept = {name: value for name, value in event.items() if name in FIELDS}
    if isinstance(exc_info, tuple) and exc_info[1] is not None:
        kept["error"], kept["at"] = describe(exc_info[1])
    return kept


def describe(error: BaseException) -> tuple[str, str]:
    """The exception's chain of type names and the last places in it, without any message."""
    names: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(names) < 5:
        names.append(type(seen).__name__)
        seen = seen.__cause__ or seen.__context__
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames)
    return " < ".join(names), places


class _Reduced(logging.Formatter):
    """A library's record: where it was logged, and the template when it is one (never filled in)."""

    def __init__(self, write: Callable[[EventDict], str | bytes]) -> None:
        super().__init__()
        self._write = write

    def format(self, record: logging.LogRecord) -> str:
        event: EventDict = {
            "event": "library message",
            "level": record.levelname.lower(),
            "logger": record.name,
            "at": f"{record.module}:{record.lineno}",
            "exc_info": record.exc_info,
        }
        if record.args and isinstance(record.msg, str):
            event["template"] = record.msg[:200]
        return str(self._write(event))


class _Stderr(logging.Handler):
    """Looks up sys.stderr on every line, so that captured output stays captured."""

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stderr, flush=True)


class _StderrFactory:
    """The same for our own lines."""

    def __call__(self, *_args: object) -> structlog.PrintLogger:
        return structlog.PrintLogger(sys.stderr)
