"""After a round is closed: what comes, what is asked, and the list of rows that the pair may mend."""
