"""Cash drawers, counts and movements."""
