"""Categories, products, variants, barcodes, suppliers and price lists."""
