"""Users, roles, rights, sign-in and sessions."""
