"""Starts and stops what LunarFront needs to run: PostgreSQL, Valkey, web and jobs (runtime.md §4 and §7).

Import the rooms themselves (``runtime.postgres``, ``runtime.roles`` …); none of them needs Flask.
"""
