"""Normal forms of text for searching, sorting and comparing (SRC-02, INV-01)."""

import unicodedata


def folded(text: str) -> str:
    """Return ``text`` in lower case, without accents, with single spaces: ``"  Ångström "`` is ``"angstrom"``."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def search_text(*parts: str | None) -> str:
    """Return what a search looks through: the folded parts, joined by spaces; empty ones are left out."""
    return " ".join(filter(None, (folded(part) for part in parts if part)))


def name_sort(*parts: str | None) -> str:
    """Return the key by which names are sorted and found by their beginning."""
    return search_text(*parts)


def identifier_key(text: str) -> str:
    """Return the form in which SKUs and serial numbers are compared: case does not count, accents do."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def prefix_end(prefix: str) -> str:
    """Return a text above everything that begins with ``prefix``, for a range that an index can serve."""
    return prefix + "\U0010ffff"


def digits(text: str) -> str:
    """Return the ASCII digits of a text: what phone numbers are compared by (SRC-01)."""
    return "".join(char for char in text if char in "0123456789")
