-- One page of the rows that a NIK, phone or name leads to, and how many those are: at most %(most)s are looked at.
-- Reads supports_support and supports_supportsearch. %(by)s is nik, phone or name, whichever is given and narrowest.
-- More than %(most)s means that the page is not to be trusted: walk_supports reads the round in its order instead.
-- Relies on support_by_nik, search_by_phone and search_by_words; under 40 ms.
WITH found AS MATERIALIZED (
    SELECT support.id
      FROM supports_support AS support
     WHERE %(by)s = 'nik'
       AND support.nik = %(nik)s::uuid
       AND support.submission_id = %(submission)s
       AND (%(phone)s::uuid IS NULL OR support.phone = %(phone)s::uuid)
       AND (%(name)s::text IS NULL
            OR supports_words(support.submission_id, support.name) @@ supports_sought(%(submission)s, %(name)s))
     UNION ALL
    SELECT search.support_id
      FROM supports_supportsearch AS search
     WHERE %(by)s = 'phone'
       AND search.phone = %(phone)s::uuid
       AND search.submission_id = %(submission)s
       AND (%(name)s::text IS NULL OR search.words @@ supports_sought(%(submission)s, %(name)s))
     UNION ALL
    SELECT search.support_id
      FROM supports_supportsearch AS search
     WHERE %(by)s = 'name'
       AND search.words @@ supports_sought(%(submission)s, %(name)s)
), few AS MATERIALIZED (
    SELECT id FROM found LIMIT %(most)s
), reached AS (
    SELECT few.id
      FROM few
     WHERE few.id > %(after)s
       AND few.id < %(before)s
       AND (%(uploads)s::bigint[] IS NULL OR few.id >> 24 = ANY (%(uploads)s::bigint[]))
       AND (%(everywhere)s
            OR EXISTS (SELECT
                         FROM supports_standing AS standing
                         JOIN unnest(%(areas)s::bigint[], %(area_ends)s::bigint[]) AS reach (first, last)
                           ON standing.area >= reach.first AND standing.area < reach.last
                        WHERE standing.support_id = few.id))
     ORDER BY few.id * %(direction)s
     LIMIT %(limit)s
)
SELECT (SELECT count(*) FROM few), ARRAY(SELECT id FROM reached)
