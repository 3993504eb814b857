"""Named discounts and promotions: how they are kept. How they are applied is the sale's (POS-14 to POS-19)."""
