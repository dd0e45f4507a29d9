-- The first rows of some groups, so many of each at most: what a list of groups shows of them.
-- Reads duplicates_member.
-- %(ids)s are the groups of one page; a group of ten thousand rows costs as much as one of two.
-- Relies on the key of duplicates_member; 1 ms for 25 groups.
SELECT asked.id, member.support_id
  FROM unnest(%(ids)s::bigint[]) AS asked (id)
 CROSS JOIN LATERAL (SELECT support_id
                       FROM duplicates_member
                      WHERE group_id = asked.id
                      ORDER BY support_id
                      LIMIT %(most)s) AS member
 ORDER BY 1, 2
