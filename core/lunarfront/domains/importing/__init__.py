"""CSV files into the catalogue, suppliers and opening stock."""
