"""Kernel of LunarFront: tenancy, rights, unit of work, audit, jobs and runtime. It knows no business words."""
