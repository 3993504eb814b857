"""What the routes of stock take and answer."""
