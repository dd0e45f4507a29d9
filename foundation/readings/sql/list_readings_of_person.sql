-- Ids of the newest readings below %(before)s by one person, of these kinds: at most %(limit)s.
-- Reads readings_reading. Without %(everywhere)s those in these elections or by others about these pairs only.
-- A few are taken of each kind and put in order; the id and the moment bound what is looked at.
-- Relies on reading_by_person; 1 ms at five million readings.
SELECT found.id
  FROM unnest(%(kinds)s::text[]) AS wanted (kind)
 CROSS JOIN LATERAL (
        SELECT id
          FROM readings_reading AS reading
         WHERE reading.by_id = %(person)s
           AND reading.kind = wanted.kind
           AND (%(everywhere)s
                OR reading.election_id = ANY(%(elections)s::bigint[])
                OR reading.pair_id = ANY(%(pairs)s::bigint[]) AND (%(team)s OR NOT reading.inside))
           AND reading.id < %(before)s
           AND reading.id >= %(from_id)s
           AND reading.at >= %(since)s
           AND reading.at < %(until)s
         ORDER BY reading.id DESC
         LIMIT %(limit)s
       ) AS found
 ORDER BY found.id DESC
 LIMIT %(limit)s
