"""Reads the rows of a CSV file, plain or gzipped, and never stops at one that is broken."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

GZIP = b"\x1f\x8b"


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; the message says why in one line."""


class Row(NamedTuple):
    """A row with its number, where the header is number 1; ``values`` is None when its cells do not fit the header."""

    number: int
    values: dict[str, str] | None


def open_rows(path: Path, columns: Iterable[str]) -> Iterator[Row]:
    """The rows of the file, which must have the columns; UnreadableFileError at once, not at the first row."""
    try:
        raw = path.read_bytes()
        text = _decoded(gzip.decompress(raw) if raw.startswith(GZIP) else raw)
    except (OSError, EOFError) as error:
        raise UnreadableFileError(f"{path}: {error}") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip() for cell in next(reader, [])]
    missing = [name for name in columns if name not in header]
    if missing:
        raise UnreadableFileError(f"{path} has no column {', '.join(missing)}.")
    return _rows(reader, header)


def _decoded(raw: bytes) -> str:
    """UTF-8, or else what spreadsheets of Western Europe write, where no byte is wrong."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _rows(reader: Iterator[list[str]], header: list[str]) -> Iterator[Row]:
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(number, None)
            continue
        if any(cell.strip() for cell in cells):
            fits = len(cells) == len(header)
            yield Row(number, dict(zip(header, (cell.strip() for cell in cells), strict=True)) if fits else None)
