-- The rows of some rounds whose ids lie in [first, last) are gone for good: names, addresses, whatever was given.
-- Writes supports_support; what is counted about them (supports_standing, the tallies) stays.
-- The database allows it for rounds that were handed in only once the keys of the election are destroyed.
-- Relies on supports_support's key; 1 s for 50,000 rows.
DELETE FROM supports_support
 WHERE id >= %(first)s
   AND id < %(last)s
   AND submission_id = ANY(%(submissions)s)
