"""Reading of CSV files: encoding, header, cells (INV-24, SEC-52). Pure; nothing is ever guessed."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

#: A cell that a spreadsheet would run is written with an apostrophe before it; reading takes that one off.
RISKY = ("=", "+", "-", "@", "\t", "\r")
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


class SheetError(Exception):
    """A file that cannot be read; ``line`` and ``column`` count from 1 (domain-core.md §10)."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message


@dataclass(frozen=True)
class SheetLine:
    """A row of the file: the number of its first line, and its cells that are not blank, by column name."""

    number: int
    cells: dict[str, str]


def read_sheet(
    data: bytes, required: Collection[str], optional: Collection[str], max_rows: int
) -> list[SheetLine]:
    """Return the rows of a UTF-8 file with commas whose first line names its columns, in any order.

    Raises:
        SheetError: wrong encoding, header or number of cells, or more rows than allowed.
    """
    rows = _rows(decoded(data))
    number, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    _check_header(names, required, optional)
    lines: list[SheetLine] = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(lines) == max_rows:
            raise SheetError(number, 1, f"At most {max_rows} rows in one file.")
        lines.append(SheetLine(number, _cells(number, names, cells)))
    if not lines:
        raise SheetError(2, 1, "The file has no rows.")
    return lines


def decoded(data: bytes) -> str:
    """Return the text of a UTF-8 file, with or without byte order mark.

    Raises:
        SheetError: naming the first byte that is not UTF-8, or a null character.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        _refuse_at(before, "The file is not UTF-8.")
    if "\x00" in text:
        _refuse_at(text[: text.index("\x00")], "The file has a null character.")
    return text


def _refuse_at(before: str, message: str) -> NoReturn:
    line = before.count("\n") + 1
    raise SheetError(line, len(before) - (before.rfind("\n") + 1) + 1, message)


def _rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise SheetError(first, 1, f"This is no CSV: {error}.") from error
        if cells is None:
            return
        yield first, cells


def _check_header(names: Sequence[str], required: Collection[str], optional: Collection[str]) -> None:
    for place, name in enumerate(names, start=1):
        if name not in required and name not in optional:
            known = ", ".join([*required, *optional])
            raise SheetError(1, place, f"There is no column {name!r}. Columns: {known}.")
        if name in names[: place - 1]:
            raise SheetError(1, place, f"The column {name} is there twice.")
    missing = [name for name in required if name not in names]
    if missing:
        raise SheetError(1, len(names) + 1, f"These columns are missing: {', '.join(missing)}.")


def _cells(number: int, names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(names):
        raise SheetError(
            number, min(len(cells), len(names)) + 1, f"{len(names)} cells expected, {len(cells)} found."
        )
    return {name: plain(cell) for name, cell in zip(names, cells, strict=True) if cell.strip()}


def plain(cell: str) -> str:
    """Return a cell without the apostrophe that protects spreadsheets (SEC-52)."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RISKY) else cell


def truth(text: str) -> bool | str:
    """Return true or false for the usual words, else the text, for the schema to refuse."""
    word = text.strip().lower()
    return True if word in YES else False if word in NO else text


def whole(text: str) -> int | str:
    """Return a whole number, else the text, for the schema to refuse."""
    word = text.strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else text
