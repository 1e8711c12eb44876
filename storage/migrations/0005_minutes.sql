-- The minutes, their numbers and copies.
SET LOCAL search_path = yijue;

-- Numbers come from a locked row, not from a sequence: a sequence leaves gaps when a transaction fails.
CREATE TABLE minutes_counters (
    body_id bigint NOT NULL REFERENCES bodies,
    series  text NOT NULL,
    year    integer NOT NULL,
    last    integer NOT NULL CHECK (last >= 1),
    PRIMARY KEY (body_id, series, year)
);

CREATE TABLE minutes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    meeting_id  bigint NOT NULL,
    body_id     bigint NOT NULL,
    state       text NOT NULL DEFAULT 'draft' CHECK (state IN
                    ('draft', 'office_reviewed', 'deputy_reviewed', 'signed', 'issued', 'voided')),
    texts       jsonb NOT NULL DEFAULT '{}',
    version     integer NOT NULL DEFAULT 1,
    drafted_by  bigint NOT NULL REFERENCES people,
    drafters    bigint[] NOT NULL DEFAULT '{}', -- every hand in the draft; filled in below
    series      text NOT NULL CHECK (length(series) BETWEEN 1 AND 100),
    year        integer,
    number      integer,
    issued_at   timestamptz,
    composer    integer,
    document    bytea,
    sources     bytea,
    pdf         bytea,
    sha256      bytea,
    typesetter  text,
    fonts       jsonb,
    replaces_id bigint,
    void_reason text NOT NULL DEFAULT '' CHECK (length(void_reason) <= 2000),
    CONSTRAINT minutes_of_body UNIQUE (id, body_id),
    CONSTRAINT minutes_of_meeting UNIQUE (id, meeting_id),
    CONSTRAINT minutes_number UNIQUE (body_id, series, year, number),
    CONSTRAINT minutes_issued CHECK (
        (state IN ('issued', 'voided')) = (number IS NOT NULL)
        AND num_nonnulls(year, number, issued_at, composer, document, sources) IN (0, 6)),
    CONSTRAINT minutes_drawn CHECK (
        num_nonnulls(pdf, sha256, typesetter, fonts) IN (0, 4)
        AND (pdf IS NULL OR (number IS NOT NULL AND sha256(pdf) = sha256))),
    CONSTRAINT minutes_voided CHECK (state <> 'voided' OR void_reason <> ''),
    FOREIGN KEY (replaces_id, meeting_id) REFERENCES minutes (id, meeting_id),
    FOREIGN KEY (meeting_id, body_id) REFERENCES meetings (id, body_id)
);
CREATE INDEX minutes_by_hash ON minutes (sha256);
CREATE INDEX minutes_pending ON minutes (body_id) WHERE state NOT IN ('issued', 'voided');
CREATE UNIQUE INDEX minutes_one_standing ON minutes (meeting_id) WHERE state <> 'voided';

-- Numbers of minutes that were issued and lost with the records of an older copy: they are passed over.
CREATE TABLE lost_numbers (
    body_id bigint NOT NULL REFERENCES bodies,
    series  text NOT NULL CHECK (length(series) BETWEEN 1 AND 100),
    year    integer NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    number  integer NOT NULL CHECK (number BETWEEN 1 AND 9999),
    PRIMARY KEY (body_id, series, year, number)
);

-- The number after p_last that was not lost.
CREATE FUNCTION next_number(p_body bigint, p_series text, p_year integer, p_last integer) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT n FROM generate_series(p_last + 1, p_last + 1 + (SELECT count(*) FROM lost_numbers
        WHERE (body_id, series, year) = (p_body, p_series, p_year))::integer) n
    WHERE NOT EXISTS (SELECT 1 FROM lost_numbers
        WHERE (body_id, series, year, number) = (p_body, p_series, p_year, n)) ORDER BY n LIMIT 1
$$;

-- The first number of a year follows the one that the body had reached before it began here.
CREATE FUNCTION counters_step() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM bodies WHERE id = NEW.body_id FOR NO KEY UPDATE;
    END IF;
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.last <> next_number(NEW.body_id, NEW.series, NEW.year,
           coalesce((SELECT reached FROM reached_numbers
           WHERE (body_id, series, year) = (NEW.body_id, NEW.series, NEW.year)), 0))) OR (TG_OP = 'UPDATE' AND
       (NEW.last <> next_number(NEW.body_id, NEW.series, NEW.year, OLD.last) OR (NEW.body_id, NEW.series, NEW.year) <> (OLD.body_id, OLD.series, OLD.year))) THEN
        PERFORM yijue.refuse('minutes_counter', 'the counter goes by one');
    END IF;
    IF EXISTS (SELECT 1 FROM lost_records WHERE body_id = NEW.body_id AND explained_at IS NULL) THEN
        PERFORM refuse('records_lost', 'later records of the body are known outside');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER counters_step BEFORE INSERT OR UPDATE OR DELETE ON minutes_counters
    FOR EACH ROW EXECUTE FUNCTION counters_step();
CREATE TRIGGER counters_no_truncate BEFORE TRUNCATE ON minutes_counters
    FOR EACH STATEMENT EXECUTE FUNCTION ballots_stand();

CREATE FUNCTION reached_before_minutes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM minutes_counters WHERE (body_id, series, year) = (NEW.body_id, NEW.series, NEW.year)) THEN
        PERFORM refuse('numbers_begun', 'the first number of the year is allotted');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reached_before_minutes BEFORE INSERT ON reached_numbers
    FOR EACH ROW EXECUTE FUNCTION reached_before_minutes(); -- after the body's row is locked: triggers go by name

-- At commit a number and its minutes are there together, or neither.
CREATE FUNCTION counters_used() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM minutes WHERE body_id = NEW.body_id AND series = NEW.series
                   AND year = NEW.year AND number = NEW.last) THEN
        PERFORM refuse('minutes_number_used', 'a number was taken and no minutes issued under it');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER counters_used AFTER INSERT OR UPDATE ON minutes_counters
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION counters_used();

-- Whether the one whose session it is may bring minutes to a state: a reviewer who had no hand in the draft, or the
-- head, the acting head, or the member whom the head entrusts; by the roles of today (Working 21).
CREATE FUNCTION minutes_hand(p_body bigint, p_state text, p_drafters bigint[]) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT p_state NOT IN ('office_reviewed', 'deputy_reviewed', 'signed') OR EXISTS (
        SELECT 1 FROM held_roles WHERE body_id = p_body AND person_id = proved_person()
            AND role = ANY (CASE p_state WHEN 'office_reviewed' THEN '{office_head}'::text[]
                            WHEN 'deputy_reviewed' THEN '{deputy}' ELSE '{head,acting_head,signatory}' END)
            AND (role IN ('head', 'acting_head') OR person_id <> ALL (p_drafters)))
$$;

CREATE FUNCTION minutes_lawful() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('minutes_immutable', 'minutes are never deleted');
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NOT EXISTS (SELECT 1 FROM meetings WHERE id = NEW.meeting_id
                AND state = 'adjourned') THEN
            PERFORM refuse('minutes_state', 'minutes begin as a draft, after the meeting');
        END IF;
        NEW.drafters := coalesce((SELECT drafters FROM minutes WHERE id = NEW.replaces_id), '{}') || NEW.drafted_by;
        RETURN NEW;
    END IF;
    IF OLD.number IS NOT NULL THEN
        -- Two things may still happen, one at a time: the PDF is drawn, once; the issue is voided, once.
        IF (to_jsonb(NEW) - '{pdf,sha256,typesetter,fonts}'::text[] = to_jsonb(OLD) - '{pdf,sha256,typesetter,fonts}'::text[]
                AND OLD.pdf IS NULL AND NEW.pdf IS NOT NULL)
           OR (OLD.state = 'issued' AND NEW.state = 'voided'
                AND to_jsonb(NEW) - '{state,void_reason}'::text[] = to_jsonb(OLD) - '{state,void_reason}'::text[]) THEN
            RETURN NEW;
        END IF;
        PERFORM refuse('minutes_immutable', 'issued minutes never change');
    END IF;
    IF step_records(NEW.body_id, 'minutes', 'adjourned', OLD.state, NEW.state) IS NULL THEN
        PERFORM refuse('minutes_state', 'minutes go from hand to hand, or back to the draft');
    END IF;
    IF NEW.state <> OLD.state AND NOT minutes_hand(NEW.body_id, NEW.state, OLD.drafters) THEN
        PERFORM refuse('minutes_hands', 'reviewers had no hand in the draft; the head signs, or whom the head entrusts');
    END IF;
    IF (NEW.texts, NEW.version) IS DISTINCT FROM (OLD.texts, OLD.version) THEN
        NEW.drafters := OLD.drafters || coalesce(proved_person(), OLD.drafted_by);
    END IF;
    IF NEW.state = 'issued' AND NEW.number IS DISTINCT FROM (SELECT last FROM minutes_counters
            WHERE body_id = NEW.body_id AND series = NEW.series AND year = NEW.year) THEN
        PERFORM refuse('minutes_number', 'the number is the counter''s');
    END IF;
    IF NEW.state <> 'draft' AND (NEW.texts, NEW.version) IS DISTINCT FROM (OLD.texts, OLD.version) THEN
        PERFORM refuse('minutes_state', 'a change sends the draft back');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER minutes_lawful BEFORE INSERT OR UPDATE OR DELETE ON minutes
    FOR EACH ROW EXECUTE FUNCTION minutes_lawful();
CREATE TRIGGER minutes_no_truncate BEFORE TRUNCATE ON minutes FOR EACH STATEMENT EXECUTE FUNCTION ballots_stand();

CREATE TABLE minutes_copies (
    minutes_id  bigint NOT NULL,
    body_id     bigint NOT NULL,
    recipient   text NOT NULL CHECK (length(recipient) BETWEEN 1 AND 200),
    person_id   bigint REFERENCES people,
    sent_at     timestamptz NOT NULL,
    received_at timestamptz,
    void_seen_at timestamptz, -- when the recipient took note that the issue is void
    CONSTRAINT minutes_copies_one_each PRIMARY KEY (minutes_id, recipient),
    FOREIGN KEY (minutes_id, body_id) REFERENCES minutes (id, body_id)
);

CREATE FUNCTION copies_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.received_at IS NOT NULL AND NEW.received_at IS DISTINCT FROM OLD.received_at)
       OR (NEW.void_seen_at IS DISTINCT FROM OLD.void_seen_at AND (OLD.void_seen_at IS NOT NULL OR OLD.received_at IS NULL
           OR (SELECT state FROM yijue.minutes WHERE id = NEW.minutes_id) <> 'voided')) THEN
        PERFORM yijue.refuse('copies_stand', 'a copy is receipted once, and a void one noted once');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER copies_stand BEFORE UPDATE ON minutes_copies FOR EACH ROW EXECUTE FUNCTION copies_stand();

-- The holder of a PDF may ask whose it is before any body is named; the answer is ids alone.
CREATE FUNCTION issue_find(p_sha256 bytea)
    RETURNS TABLE (organization_id bigint, body_id bigint, meeting_id bigint, minutes_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT b.organization_id, m.body_id, m.meeting_id, m.id
    FROM minutes m JOIN bodies b ON b.id = m.body_id WHERE m.sha256 = p_sha256
$$;

-- Anybody may look up minutes by number or by file: the answer is these columns, without any of their text.
CREATE FUNCTION issue_look(p_sha256 bytea, p_organization text, p_series text, p_year integer, p_number integer)
    RETURNS TABLE (organization text, series text, year integer, number integer, issued_at timestamptz, sha256 bytea,
                   voided boolean, by_year integer, by_number integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT o.name, m.series, m.year, m.number, m.issued_at, m.sha256, m.state = 'voided', r.year, r.number
    FROM organizations o JOIN bodies b ON b.organization_id = o.id JOIN minutes m ON m.body_id = b.id
        LEFT JOIN minutes r ON r.replaces_id = m.id AND r.number IS NOT NULL
    WHERE CASE WHEN p_sha256 IS NOT NULL THEN m.sha256 = p_sha256
               ELSE (o.name, m.series, m.year, m.number) = (p_organization, p_series, p_year, p_number) END
    ORDER BY m.id, r.id DESC
$$;

-- What the Party committees of an organization passed by their votes, amended or not, as their standing issued minutes
-- name it. An item of an executive meeting may carry it out (Measures 2; Working 6-7). Personnel items and those in
-- brief are not named by their titles.
CREATE VIEW committee_decided AS
    SELECT b.organization_id, m.issued_at, i.id AS item, b.name AS body, m.year, m.number, i.position,
           CASE WHEN i.category = 'personnel' THEN '人事事项' WHEN i.confidential THEN '内容从简的事项' ELSE i.title END AS title
    FROM minutes m JOIN bodies b ON b.id = m.body_id JOIN items i ON i.meeting_id = m.meeting_id
        JOIN decisions d ON d.item_id = i.id
    WHERE m.state = 'issued' AND d.outcome IN ('passed', 'amended')
      AND (SELECT v.result FROM votes v WHERE v.item_id = i.id AND v.state = 'closed' ORDER BY v.round DESC LIMIT 1) = 'passed'
      AND b.kind IN ('党组', '党委', '党总支', '党支部');

-- The same for a secretary of an executive body, whom row security keeps from the committees' rows.
CREATE FUNCTION committee_decisions(p_body bigint)
    RETURNS TABLE (item bigint, body text, year integer, number integer, "position" integer, title text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT c.item, c.body, c.year, c.number, c.position, c.title
    FROM bodies b JOIN kinds_of_body k ON k.kind = b.kind AND k.decides = 'head'
        JOIN committee_decided c ON c.organization_id = b.organization_id
    WHERE b.id = p_body AND EXISTS (SELECT 1 FROM held_roles
        WHERE (body_id, person_id, role) = (p_body, proved_person(), 'secretary'))
    ORDER BY c.issued_at DESC, c.item
$$;

CREATE FUNCTION items_carry_out() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    NEW.carried := (SELECT to_jsonb(c) - '{organization_id,issued_at}'::text[]
        FROM bodies b JOIN kinds_of_body k ON k.kind = b.kind AND k.decides = 'head'
            JOIN committee_decided c ON c.organization_id = b.organization_id
        WHERE b.id = NEW.body_id AND c.item = NEW.carries_out);
    IF NEW.carries_out IS NOT NULL AND NEW.carried IS NULL THEN
        PERFORM refuse('items_carry_out', 'no decision passed in issued minutes of a Party committee here');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER items_carry_out BEFORE INSERT OR UPDATE OF carries_out, carried ON items
    FOR EACH ROW EXECUTE FUNCTION items_carry_out();

CREATE CONSTRAINT TRIGGER written AFTER INSERT OR UPDATE ON minutes
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION steps_recorded('minutes', 'adjourned');
CALL keep_record('minutes', 'INSERT', '',
    'meeting', 'meeting_id', '{minutes.drafted}', 'minutes', 'id', 'actor', 'drafted_by');
CALL keep_record('minutes_copies', 'INSERT', '', 'meeting', 'meeting_id', '{minutes.distributed}', 'minutes', 'minutes_id');
CALL keep_record('minutes_copies', 'UPDATE OF void_seen_at', '', 'meeting', 'meeting_id', '{minutes.void_seen}',
    'minutes', 'minutes_id', 'recipient', 'recipient', 'actor', 'person_id');
CALL keep_record('minutes_copies', 'UPDATE OF received_at', '', 'meeting', 'meeting_id', '{minutes.received}',
    'minutes', 'minutes_id', 'recipient', 'recipient', 'actor', 'person_id');

CALL keep_to_body('minutes', 'minutes_counters', 'minutes_copies');
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA yijue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION committee_decisions(bigint), issue_find(bytea),
    issue_look(bytea, text, text, integer, integer), next_number(bigint, text, integer, integer) TO yijue_app;
GRANT SELECT, INSERT, UPDATE (last) ON minutes_counters TO yijue_app;
GRANT SELECT, INSERT (meeting_id, body_id, texts, drafted_by, series, replaces_id) ON minutes TO yijue_app;
GRANT UPDATE (state, texts, version, year, number, issued_at, composer, document, sources, pdf, sha256, typesetter,
              fonts, void_reason) ON minutes TO yijue_app;
GRANT SELECT, INSERT (minutes_id, body_id, recipient, person_id, sent_at), UPDATE (received_at, void_seen_at) ON minutes_copies
    TO yijue_app;
