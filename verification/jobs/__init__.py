"""Jobs of verification: one job, one file, one function."""
