"""The log is one JSON object a line, whoever writes it, and callers cannot make its lines long."""

import json
import logging
import subprocess
import sys

SCRIPT = """
import logging, sys, structlog
from gql_sales.web.logs import configure_logs
configure_logs()
log = structlog.get_logger("ours")
log.info("said", number=1, long="x" * 10_000, set={1})
log.debug("unsaid")
logging.getLogger("theirs").warning("said %s", "too")
try:
    password = "a text that nobody may see"
    raise RuntimeError("broken")
except RuntimeError as error:
    log.error("defect", exc_info=(type(error), error, error.__traceback__))
"""


def test_lines() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    ours, theirs, defect = [json.loads(line) for line in done.stderr.splitlines()]
    assert (ours["event"], ours["level"], ours["logger"], ours["number"]) == ("said", "info", "ours", 1)
    assert ours["timestamp"].endswith("Z")
    assert len(ours["long"]) == 2001
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("said too", "warning", "theirs")
    assert "RuntimeError: broken" in defect["exception"]


def test_tracebacks_show_no_values() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    # The line of source is part of any traceback; the value of another line is not.
    assert "password" not in json.loads(done.stderr.splitlines()[-1])["exception"]


def test_configuring_leaves_other_loggers_of_this_process_alone() -> None:
    assert not any(type(handler).__name__ == "StandardError" for handler in logging.getLogger().handlers)
