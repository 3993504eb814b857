"""Chart of accounts, journal entries, periods and sealing."""
