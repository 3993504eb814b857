"""Helpers of the tests of sign-in and rights."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld


@pytest.fixture
def nobody(app: Flask) -> ApiClient:
    """A client that is not signed in."""
    return ApiClient(app, None)


@pytest.fixture
def login(nobody: ApiClient) -> Callable[..., TestResponse]:
    """``login(email, password)``: the answer of a sign-in."""

    def send(email: str = "staff@a.example", password: str = PASSWORD, **more: Any) -> TestResponse:
        return nobody.post("/auth/login", {"email": email, "password": password, **more})

    return send


@pytest.fixture
def signed_in(app: Flask, login: Callable[..., TestResponse]) -> Callable[..., ApiClient]:
    """``signed_in("admin")``: a client with the access token of a sign-in."""

    def make(role: str = "staff", password: str = PASSWORD) -> ApiClient:
        answer = login(f"{role}@a.example", password)
        assert answer.status_code == 200, answer.get_json()
        return ApiClient(app, answer.get_json()["access_token"])

    return make


@pytest.fixture
def audited(ctx: CompanyContext) -> Callable[[str], list[Any]]:
    """``audited("user.changed")``: the audit rows of an action."""
    return lambda action: list(
        ctx.uow.query("SELECT * FROM audit_log WHERE action = %(action)s ORDER BY id", {"action": action})
    )


@pytest.fixture
def helper_role(client: ApiClient, company: CompanyWorld) -> Callable[..., dict[str, Any]]:
    """``helper_role("user.manage")``: a user with exactly these rights, as created over the API, with a password."""

    def make(*permissions: str, **limits: str | None) -> dict[str, Any]:
        body = {
            "code": "helper",
            "name": "Helper",
            "permissions": dict.fromkeys(permissions, "allow"),
            **limits,
        }
        role = client.post("/roles", body)
        assert role.status_code == 201, role.get_json()
        user = client.post(
            "/users",
            {
                "full_name": "Helper",
                "email": "helper@a.example",
                "password": PASSWORD,
                "role_ids": [role.get_json()["id"]],
            },
        )
        assert user.status_code == 201, user.get_json()
        return user.get_json()

    return make
