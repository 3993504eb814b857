"""Use cases of the sale, one module each."""
