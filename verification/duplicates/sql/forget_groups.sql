-- Takes the groups of a round away whose rows go back to the team; they are found again when its verification goes on.
-- Deletes from duplicates_group (its trigger counts), duplicates_member and duplicates_grouparea.
-- Nobody decides meanwhile: the caller holds the round alone.
-- Relies on group_of_round and the keys of the others; 250,000 members in 2 s.
WITH gone AS (
    DELETE FROM duplicates_group WHERE submission_id = %(submission)s RETURNING id
), areas AS (
    DELETE FROM duplicates_grouparea WHERE submission_id = %(submission)s
)
DELETE FROM duplicates_member USING gone WHERE duplicates_member.group_id = gone.id
