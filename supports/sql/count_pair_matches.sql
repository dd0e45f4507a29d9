-- Writes down how many people of one election several pairs gave, so that no page counts them.
-- Reads supports_pairmatch, writes supports_pairmatchcount.
-- Part of every job that changes the matches of the election; those run one after the other (lane of the election).
-- Relies on supports_pairmatch's key; 0.1 s for 1.2 M matches.
INSERT INTO supports_pairmatchcount (election_id, n)
SELECT %(election)s, count(*) FROM supports_pairmatch WHERE election_id = %(election)s
    ON CONFLICT (election_id) DO UPDATE SET n = excluded.n
