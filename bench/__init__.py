"""`make bench`: what the import and the pages cost at 1.2 million rows, beside the floor and the usual way.

docs/performance.md says what each figure means and how it is taken.
"""
