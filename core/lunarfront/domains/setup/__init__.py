"""Opening a company: location, till, drawer, roles, chart and look-up rows in one transaction (ORG-04)."""
