"""Every page in light and dark at three sizes: no axe violation, no overflow, nothing on the console (UX-16)."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import AXE, Person
from tests.browser.pages import PAGES, SIZES

RUN = "axe.run(document, {resultTypes: ['violations']})"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_ux_16_pages_are_accessible(sign_in: Callable[..., Person], size: str, scheme: str) -> None:
    width, height = SIZES[size]
    person = sign_in(
        "manager", viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True
    )
    wrong = {path: found for path in PAGES if (found := _faults(person, path))}
    assert not wrong


def _faults(person: Person, path: str) -> list[str]:
    person.open(path)
    person.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in person.page.evaluate(RUN)["violations"]
    ]
    overflow = person.page.evaluate(OVERFLOW)
    return found + ([f"{overflow} px too wide"] if overflow > 0 else []) + person.faults
