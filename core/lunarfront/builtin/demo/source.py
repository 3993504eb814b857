"""Reads the files of the demo store. Money stays text until a service reads it."""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

PACKAGE = "lunarfront.builtin.demo.data"
#: One password for everybody: it is printed at every start of the demo.
PASSWORD = "play it by ear"


def _text(name: str) -> str:
    return files(PACKAGE).joinpath(name).read_text(encoding="utf-8")


@cache
def store() -> Mapping[str, Any]:
    """Return the organisation: company, locations, tax, people, discounts, categories, suppliers."""
    return tomllib.loads(_text("store.toml"))


@cache
def products() -> Sequence[Mapping[str, str]]:
    """Return one row per variant; rows of one product follow each other."""
    return tuple(csv.DictReader(_text("products.csv").splitlines()))


@cache
def units() -> Sequence[Mapping[str, str]]:
    """Return the serial numbers with their SKU and location."""
    return tuple(csv.DictReader(_text("units.csv").splitlines()))


@cache
def accounts() -> Sequence[Mapping[str, Any]]:
    """Return the customers with their members."""
    return tuple(tomllib.loads(_text("accounts.toml"))["accounts"])


@cache
def sales() -> Mapping[str, Any]:
    """Return today's sales and refunds."""
    return tomllib.loads(_text("sales.toml"))
