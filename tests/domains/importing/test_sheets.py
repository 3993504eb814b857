"""Reading of CSV files (INV-24, SEC-52)."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunarfront.domains.importing.rules import RISKY, SheetError, plain, read_sheet, truth, whole


def read(data: bytes | str, max_rows: int = 100) -> list[tuple[int, dict[str, str]]]:
    content = data.encode() if isinstance(data, str) else data
    return [(line.number, line.cells) for line in read_sheet(content, ("name",), ("price",), max_rows)]


def test_inv_24_cells_by_name_with_the_number_of_their_line() -> None:
    assert read('Price,Name\r\n1.00,A\r\n\r\n,"B\nC"\r\n2.00,D') == [
        (2, {"price": "1.00", "name": "A"}),
        (4, {"name": "B\nC"}),
        (6, {"price": "2.00", "name": "D"}),
    ]


def test_inv_24_byte_order_mark_is_no_part_of_the_header() -> None:
    assert read(b"\xef\xbb\xbfname\nA\n") == [(2, {"name": "A"})]


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"name\nJos\xe9\n", 2, 4),
        (b"name\nA\x00B\n", 2, 2),
        (b"", 1, 1),
        (b"title\nA\n", 1, 1),
        (b"name,colour\nA,red\n", 1, 2),
        (b"name,name\nA,B\n", 1, 2),
        (b"price\n1\n", 1, 2),
        (b"name;price\nA;1\n", 1, 1),
        (b"name,price\nA,1\nB\n", 3, 2),
        (b"name,price\nA,1,2\n", 2, 3),
        (b'name\n"A"B\n', 2, 1),
        (b'name\nA\n"B\n', 3, 1),
        (b"name\n", 2, 1),
        (b"name\nA\nB\nC\n", 4, 1),
    ],
)
def test_inv_24_what_cannot_be_read_names_line_and_column(data: bytes, line: int, column: int) -> None:
    with pytest.raises(SheetError) as caught:
        read(data, max_rows=2)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("start", RISKY)
def test_sec_52_one_apostrophe_is_taken_off(start: str) -> None:
    assert plain(f"'{start}1") == f"{start}1"
    assert plain(f"''{start}1") == f"''{start}1"


@pytest.mark.parametrize("cell", ["'tis", "'", "''", "a'=b", "=1"])
def test_sec_52_other_apostrophes_stay(cell: str) -> None:
    assert plain(cell) == cell


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n")), min_size=1, max_size=5))
def test_inv_24_what_a_csv_writer_writes_is_read(cells: list[str]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([["name"], *([cell] for cell in cells)])
    expected = [plain(cell) for cell in cells if cell.strip()]
    if not expected:
        return
    assert [row["name"] for _, row in read(written.getvalue())] == expected


@given(st.binary(max_size=200))
def test_inv_24_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(SheetError):
        assert read(data)


def test_words_for_true_and_whole_numbers() -> None:
    assert [truth(word) for word in ("Yes", "0", "perhaps")] == [True, False, "perhaps"]
    assert [whole(word) for word in ("30", "-1", "3.5", "9" * 12)] == [30, "-1", "3.5", "9" * 12]
