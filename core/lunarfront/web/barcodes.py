"""Code 128 as modules for the SVG macro: sharp at any printer resolution, no image files."""

from barcode import Code128


def code128(text: str) -> str:
    """Return the modules of a text, "1" for a bar and "0" for a space, each one unit wide."""
    modules: str = "".join(Code128(text).build())
    return modules
