"""The web shell: assets, layout, navigation, formats, pages (frontend.md)."""

from lunarfront.web.install import install_web

__all__ = ["install_web"]
