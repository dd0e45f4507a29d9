-- Some pairs with their elections, and how far they are over all rounds: what counts, until when, what hangs.
-- Reads candidates_pair, _election, _ruleset, _electionarea, _window, supports_submission, _areatally, _upload, jobs_job.
-- The latest round counts its clean rows until it is closed, else MS; the pool and discarded uploads count nowhere.
-- Relies on the key of supports_areatally and the index of uploads by round; 30 ms for 1,000 pairs of fourteen areas.
WITH latest AS MATERIALIZED (
    SELECT DISTINCT ON (pair.id) pair.id AS pair_id, pair.election_id, coalesce(round.status, '') AS status,
           round.id AS round_id, coalesce(round.stage, rules.body -> 'rounds' -> 0 ->> 'key') AS stage
      FROM candidates_pair AS pair
      JOIN candidates_election AS election ON election.id = pair.election_id
      JOIN candidates_ruleset AS rules ON rules.id = election.rule_set_id
      LEFT JOIN supports_submission AS round ON round.pair_id = pair.id AND round.kind = 'round'
     WHERE pair.id = ANY(%(pairs)s)
     ORDER BY pair.id, round.id DESC
), rounds AS MATERIALIZED (
    SELECT round.id, round.status = 'closed' OR round.id <> latest.round_id AS decided, latest.pair_id,
           latest.election_id
      FROM latest
      JOIN supports_submission AS round ON round.pair_id = latest.pair_id AND round.kind = 'round'
), listed AS MATERIALIZED (
    SELECT election_id, count(*) AS areas
      FROM candidates_electionarea
     GROUP BY 1
), areas AS (
    SELECT rounds.pair_id, min(rounds.election_id) AS election_id, tally.code,
           sum(tally.unverified + tally.ms + tally.bms + tally.tms)::int AS submitted,
           sum(CASE WHEN rounds.decided THEN tally.ms ELSE tally.clean END)::int AS counted
      FROM rounds
      JOIN supports_areatally AS tally ON tally.submission_id = rounds.id
     GROUP BY rounds.pair_id, tally.code
), sums AS (
    SELECT areas.pair_id, sum(areas.submitted) AS submitted, sum(areas.counted) AS counted,
           count(area.code) FILTER (WHERE areas.counted > 0) AS covered
      FROM areas
      LEFT JOIN candidates_electionarea AS area
        ON area.election_id = areas.election_id AND area.code = areas.code
     GROUP BY 1
), times AS (
    -- Handing in; filling only where handing in was never scheduled.
    SELECT latest.pair_id, slot.kind, slot.opens_at, slot.closes_at,
           bool_or(slot.kind = 'handing_in') OVER (PARTITION BY latest.pair_id) AS scheduled
      FROM latest
      JOIN candidates_window AS slot
        ON slot.election_id = latest.election_id AND slot.stage = latest.stage
       AND (slot.pair_id IS NULL OR slot.pair_id = latest.pair_id)
), ends AS (
    -- Of what is open, the latest end; else of what opens next.
    SELECT DISTINCT ON (pair_id) pair_id, closes_at
      FROM times
     WHERE closes_at > %(moment)s AND scheduled = (kind = 'handing_in')
     ORDER BY pair_id, opens_at > %(moment)s, CASE WHEN opens_at <= %(moment)s THEN closes_at END DESC,
              opens_at, closes_at
), uploads AS (
    SELECT rounds.pair_id, max(upload.received_at) AS last_upload,
           count(*) FILTER (WHERE upload.status = 'failed') AS failed
      FROM rounds
      JOIN supports_upload AS upload ON upload.submission_id = rounds.id
     WHERE upload.status <> 'discarded'
     GROUP BY 1
), jobs AS (
    SELECT substr(lane, 6)::bigint AS pair_id, count(*) AS stuck
      FROM jobs_job
     WHERE state IN ('queued', 'running') AND lane LIKE 'pair:%%'
       AND clock_timestamp() > created_at + make_interval(secs => %(patience)s)
     GROUP BY 1
)
SELECT pair.id, pair.name, pair.status, election.id, election.name, election.level, election.region_id,
       election.region_name, election.zone, election.practice, election.rule_set_id, election.base,
       coalesce(election.override_minimum, 0), coalesce(election.override_spread, 0), coalesce(listed.areas, 0),
       coalesce(sums.submitted, 0), coalesce(sums.counted, 0), coalesce(sums.covered, 0), latest.stage, latest.status,
       uploads.last_upload, coalesce(uploads.failed, 0), coalesce(jobs.stuck, 0), ends.closes_at
  FROM latest
  JOIN candidates_pair AS pair ON pair.id = latest.pair_id
  JOIN candidates_election AS election ON election.id = latest.election_id
  LEFT JOIN listed ON listed.election_id = latest.election_id
  LEFT JOIN sums ON sums.pair_id = latest.pair_id
  LEFT JOIN uploads ON uploads.pair_id = latest.pair_id
  LEFT JOIN jobs ON jobs.pair_id = latest.pair_id
  LEFT JOIN ends ON ends.pair_id = latest.pair_id
 ORDER BY pair.name, pair.id
