"""Companies, locations and terminals."""
