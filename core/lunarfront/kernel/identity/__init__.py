"""Sign-in, people, roles and grants: use cases and their API. What they stand on is ``lunarfront.kernel.auth``."""
