"""Tests of core, of the house and of whole installations."""
