"""`python -m bench.scans`: what a scan costs on its way in, and what it costs to look at one."""
