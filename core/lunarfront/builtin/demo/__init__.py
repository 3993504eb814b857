"""The demo store, Riverside Music: its data, and how it is loaded into an empty database."""
