-- Work that acts leave for later: a row of the act's own transaction, done once by a worker, however often that dies.
SET LOCAL search_path = yijue;

CREATE TABLE jobs (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations,
    body_id         bigint REFERENCES bodies,
    kind            text NOT NULL CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
    arguments       jsonb NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT yijue_now(),
    due_at          timestamptz NOT NULL DEFAULT yijue_now(),
    attempts        integer NOT NULL DEFAULT 0,
    last_error      text NOT NULL DEFAULT '',
    done_at         timestamptz,
    failed_at       timestamptz,
    CONSTRAINT jobs_ended CHECK (done_at IS NULL OR failed_at IS NULL)
);
CREATE INDEX jobs_waiting ON jobs (due_at, id) WHERE done_at IS NULL AND failed_at IS NULL;
CREATE INDEX jobs_failed ON jobs (id) WHERE failed_at IS NOT NULL;

-- A worker serves every body, so it asks through functions; each job can act in its own body alone.
-- An attempt is counted, and the next one set, before it begins: one that ends with its server counts too. Attempts
-- begin 2, 4, 8 … seconds after each other, at most ten minutes; the tenth is the last.
CREATE FUNCTION job_claim()
    RETURNS TABLE (id bigint, organization_id bigint, body_id bigint, kind text, arguments jsonb, attempt integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE jobs SET failed_at = yijue_now(),
        last_error = CASE last_error WHEN '' THEN 'the server ended while it was done' ELSE last_error END
    WHERE id IN (SELECT id FROM jobs WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= yijue_now()
                 AND attempts >= 10 FOR UPDATE SKIP LOCKED);
    RETURN QUERY
    UPDATE jobs SET attempts = attempts + 1,
        due_at = yijue_now() + least(power(2, attempts + 1), 600) * interval '1 second'
    WHERE id = (SELECT id FROM jobs WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= yijue_now()
                ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, organization_id, body_id, kind, arguments, attempts;
END $$;

-- The job's row stays locked while it is done, so that no other worker begins it meanwhile.
CREATE FUNCTION job_begin(p_id bigint, p_attempt integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    PERFORM 1 FROM jobs WHERE id = p_id AND attempts = p_attempt AND done_at IS NULL AND failed_at IS NULL
        FOR UPDATE; -- another worker's claim may hold the row for a moment, and then leaves it
    RETURN FOUND;
END $$;

CREATE FUNCTION job_done(p_id bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = yijue, pg_temp
    AS $$ UPDATE jobs SET done_at = yijue_now(), last_error = '' WHERE id = p_id AND done_at IS NULL $$;

CREATE FUNCTION job_failed(p_id bigint, p_attempt integer, p_error text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    UPDATE jobs SET last_error = left(p_error, 2000), failed_at = CASE WHEN attempts >= 10 THEN yijue_now() END
    WHERE id = p_id AND attempts = p_attempt AND done_at IS NULL
$$;

-- A job that waits for something outside the program (a virus scanner) begins again with the first attempt.
CREATE FUNCTION job_later(p_id bigint, p_attempt integer, p_why text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    UPDATE jobs SET last_error = left(p_why, 2000), attempts = 0, due_at = yijue_now() + interval '30 seconds'
    WHERE id = p_id AND attempts = p_attempt AND done_at IS NULL AND failed_at IS NULL
$$;

-- A start of the server takes the causes of failures as mended: failed jobs begin again with the first attempt.
CREATE FUNCTION jobs_retry() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    UPDATE jobs SET failed_at = NULL, attempts = 0, due_at = yijue_now()
    WHERE id IN (SELECT id FROM jobs WHERE failed_at IS NOT NULL FOR UPDATE SKIP LOCKED)
$$;

-- For `yijue doctor`: the figures of all bodies, and the error of the job that failed last.
CREATE FUNCTION job_figures() RETURNS TABLE (waiting bigint, failed bigint, last_kind text, last_error text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT (SELECT count(*) FROM jobs WHERE done_at IS NULL AND failed_at IS NULL),
        (SELECT count(*) FROM jobs WHERE failed_at IS NOT NULL), last.kind, last.last_error
    FROM (SELECT) AS one LEFT JOIN LATERAL
        (SELECT kind, last_error FROM jobs WHERE failed_at IS NOT NULL ORDER BY failed_at DESC LIMIT 1) AS last ON true
$$;

ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY jobs_visible ON jobs FOR SELECT USING (organization_id = (SELECT proved_organization())
    AND (body_id IS NULL OR body_id = ANY ((SELECT proved_bodies())::bigint[])));
CREATE POLICY jobs_left ON jobs FOR INSERT WITH CHECK (organization_id = (SELECT proved_organization())
    AND (body_id IS NULL OR body_id = ANY ((SELECT proved_bodies())::bigint[])));
CREATE TRIGGER jobs_no_truncate BEFORE TRUNCATE ON jobs FOR EACH STATEMENT EXECUTE FUNCTION ledger_stands();

-- A worker has no session: the PDF of an issue comes with the job that the issue left, once.
INSERT INTO job_kinds (kind, job) VALUES ('minutes.drawn', 'minutes.draw');
CREATE FUNCTION minutes_draw(p_minutes bigint, p_pdf bytea, p_sha256 bytea, p_typesetter text, p_fonts jsonb)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    UPDATE minutes SET pdf = p_pdf, sha256 = p_sha256, typesetter = p_typesetter, fonts = p_fonts
    WHERE id = p_minutes AND body_id = ANY (visible_bodies()) AND EXISTS (
        SELECT 1 FROM jobs WHERE kind = 'minutes.draw' AND (arguments ->> 'minutes')::bigint = p_minutes
            AND done_at IS NULL AND failed_at IS NULL AND attempts > 0);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no job draws these minutes' USING ERRCODE = '42501';
    END IF;
END $$;
CALL keep_record('minutes', 'UPDATE OF pdf', '', 'meeting', 'meeting_id', '{minutes.drawn}', 'minutes', 'id');

-- A paper is checked for viruses by the job that its upload left. What was found in it is gone from the row at once; an
-- item whose papers are all gone is no longer complete.
INSERT INTO job_kinds (kind, job) VALUES ('paper.cleared', 'paper.check'), ('paper.infected', 'paper.check');
CREATE FUNCTION paper_to_check(p_paper bigint) RETURNS TABLE (name text, content bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT p.name, p.content FROM papers p JOIN meetings m ON m.id = p.meeting_id
    WHERE p.id = p_paper AND p.state = 'checking' AND m.state = 'draft' AND p.body_id = ANY (visible_bodies())
      AND EXISTS (SELECT 1 FROM jobs WHERE kind = 'paper.check' AND (arguments ->> 'paper')::bigint = p_paper
                  AND done_at IS NULL AND failed_at IS NULL AND attempts > 0)
$$;
CREATE FUNCTION paper_checked(p_paper bigint, p_found text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    paper papers;
BEGIN
    PERFORM 1 FROM meetings m JOIN papers p ON p.meeting_id = m.id WHERE p.id = p_paper FOR SHARE OF m;
    IF NOT EXISTS (SELECT 1 FROM paper_to_check(p_paper)) THEN
        RETURN false; -- taken away, or its meeting cancelled, meanwhile
    END IF;
    UPDATE papers SET state = CASE p_found WHEN '' THEN 'kept' ELSE 'infected' END, found = p_found,
        content = CASE p_found WHEN '' THEN content ELSE '' END WHERE id = p_paper RETURNING * INTO paper;
    IF p_found <> '' AND NOT EXISTS (SELECT 1 FROM papers WHERE item_id = paper.item_id AND state = 'kept') THEN
        UPDATE items SET materials_complete = false WHERE id = paper.item_id AND materials_complete;
    END IF;
    RETURN true;
END $$;

-- For `yijue doctor`: the papers of all bodies that wait.
CREATE FUNCTION papers_waiting() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT count(*) FROM papers p JOIN meetings m ON m.id = p.meeting_id WHERE p.state = 'checking' AND m.state = 'draft'
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA yijue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION job_claim(), job_begin(bigint, integer), job_done(bigint),
    job_failed(bigint, integer, text), job_later(bigint, integer, text), paper_to_check(bigint),
    paper_checked(bigint, text), papers_waiting(), jobs_retry(), job_figures(),
    minutes_draw(bigint, bytea, bytea, text, jsonb) TO yijue_app;
GRANT SELECT, INSERT (organization_id, body_id, kind, arguments) ON jobs TO yijue_app;
