"""Reading the audit trail and the field history (AUD-05, AUD-07). Nothing here changes a row."""
