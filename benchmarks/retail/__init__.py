"""The replay of a real shop's month: its rows, the plan made of them, and the shop rung up through the API."""
