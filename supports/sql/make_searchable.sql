-- Copies phone and words of the name of the first %(limit)s rows whose ids lie in [first, last); tells where it stopped.
-- Reads supports_support, writes supports_supportsearch. What stands there already is written over: run it again at will.
-- Rows of a round that no longer have the id are none of its business: forget_searchable takes them away.
-- Relies on supports_support's key; 3 s for 100,000 rows.
WITH few AS MATERIALIZED (
    SELECT id, submission_id, phone, name
      FROM supports_support
     WHERE id >= %(first)s
       AND id < %(last)s
     ORDER BY id
     LIMIT %(limit)s
), written AS (
    INSERT INTO supports_supportsearch AS search (submission_id, support_id, phone, words)
    SELECT submission_id, id, phone, supports_words(submission_id, name) FROM few ORDER BY submission_id, id
        ON CONFLICT (submission_id, support_id) DO UPDATE SET phone = excluded.phone, words = excluded.words
)
SELECT count(*), max(id) FROM few
