"""What the benchmarks share: a server of their own, tills, a bare program, measuring and checking."""
