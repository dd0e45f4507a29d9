-- Takes the undecided rows of a group from whoever holds them but %(person)s, in that one's territory; from whom how many.
-- Deletes from verification_work; somebody else's row that is just being decided is waited for and left alone.
-- %(regions)s to %(region_ends)s are areas, both included.
-- Relies on the keys of duplicates_member, supports_standing and verification_work; 0.1 s for 10,000 rows.
WITH freed AS (
    DELETE FROM verification_work AS work
     USING duplicates_member AS member
      JOIN supports_standing AS standing ON standing.support_id = member.support_id
     WHERE member.group_id = %(group)s
       AND standing.submission_id = %(submission)s
       AND work.support_id = member.support_id
       AND work.holder_id <> %(person)s
       AND EXISTS (SELECT FROM unnest(%(regions)s::bigint[], %(region_ends)s::bigint[]) AS own (first, last)
                    WHERE standing.area BETWEEN own.first AND own.last)
    RETURNING work.holder_id
)
SELECT holder_id, count(*) FROM freed GROUP BY 1 ORDER BY 1
