"""Rows that give one person, or one telephone, several times: in groups, side by side, each person counted once."""
