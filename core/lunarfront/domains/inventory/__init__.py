"""Stock balances, movements, serialized units and cost."""
