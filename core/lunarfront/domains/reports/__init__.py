"""Reports over several domains; each figure ties to the books."""
