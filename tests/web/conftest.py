"""A person at the browser: signed in through the form, with the cookie that the form gave."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld

Browser = FlaskClient
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def form_token_of(page: str) -> str:
    """Return the signed token in a page's form."""
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


@pytest.fixture
def browse(app: Flask, company: CompanyWorld) -> Callable[[str], Browser]:
    """``browse("staff")``: a browser in which a person of that role has signed in."""

    def make(role: str) -> Browser:
        browser = app.test_client()
        token = form_token_of(browser.get("/login").text)
        form = {"email": company.people[role].email, "password": PASSWORD, "form_token": token, "next": "/"}
        answer = browser.post("/login", data=form, headers=SAME_SITE)
        assert answer.status_code == 302, answer.text
        return browser

    return make
