"""Use cases of customers, cut by what people do."""
