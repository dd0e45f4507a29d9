-- Ids of the newest readings below %(before)s about some pairs, of these kinds: at most %(limit)s.
-- Reads readings_reading. With %(team)s also those by the pairs' own teams, else those by others only.
-- A few are taken of each pair and kind and put in order; the id and the moment bound what is looked at.
-- Relies on reading_by_others and reading_by_pair; 1 ms at five million readings.
SELECT found.id
  FROM unnest(%(pairs)s::bigint[]) AS place (id)
 CROSS JOIN unnest(%(kinds)s::text[]) AS wanted (kind)
 CROSS JOIN LATERAL (
        (SELECT id
           FROM readings_reading AS reading
          WHERE reading.pair_id = place.id
            AND NOT reading.inside
            AND NOT %(team)s
            AND reading.kind = wanted.kind
            AND reading.id < %(before)s
            AND reading.id >= %(from_id)s
            AND reading.at >= %(since)s
            AND reading.at < %(until)s
          ORDER BY reading.id DESC
          LIMIT %(limit)s)
         UNION ALL
        (SELECT id
           FROM readings_reading AS reading
          WHERE reading.pair_id = place.id
            AND %(team)s
            AND reading.kind = wanted.kind
            AND reading.id < %(before)s
            AND reading.id >= %(from_id)s
            AND reading.at >= %(since)s
            AND reading.at < %(until)s
          ORDER BY reading.id DESC
          LIMIT %(limit)s)
       ) AS found
 ORDER BY found.id DESC
 LIMIT %(limit)s
