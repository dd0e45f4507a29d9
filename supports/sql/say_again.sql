-- Takes back findings of one round that no longer are, and writes those that now are: (code, row) pairs in step.
-- Reads nothing else; writes supports_finding, in key order. The counts follow by their trigger.
-- Run with restate_sound afterwards, in one transaction, while nobody else changes rows of the round.
-- Relies on supports_finding's key; 1 s for 50,000 findings.
WITH gone AS (
    DELETE FROM supports_finding AS finding
     USING unnest(%(gone_codes)s::smallint[], %(gone)s::bigint[]) AS old (code, support_id)
     WHERE finding.submission_id = %(submission)s
       AND finding.code = old.code
       AND finding.support_id = old.support_id
)
INSERT INTO supports_finding (submission_id, code, support_id)
SELECT %(submission)s, new.code, new.support_id
  FROM unnest(%(new_codes)s::smallint[], %(new)s::bigint[]) AS new (code, support_id)
 ORDER BY new.code, new.support_id
