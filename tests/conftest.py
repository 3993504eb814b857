"""Fixtures of all core tests come from the kit that ships in the wheel."""

pytest_plugins = ["lunarfront.sdk.testing.plugin"]
