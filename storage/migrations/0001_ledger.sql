-- The ground: the deployment, its one clock, and the ledger that nobody can change.
CREATE SCHEMA yijue;
SET LOCAL search_path = yijue;
GRANT USAGE ON SCHEMA yijue TO yijue_app;

CREATE TABLE migrations (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE deployment (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    purpose      text NOT NULL CHECK (purpose IN ('production', 'demonstration', 'test')),
    clock_offset interval NOT NULL DEFAULT '0',
    CONSTRAINT deployment_clock CHECK (purpose <> 'production' OR clock_offset = '0')
);

-- The one clock. Rules never read it; acts do, and hand the time on.
CREATE FUNCTION yijue_now() RETURNS timestamptz
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp
    AS $$ SELECT clock_timestamp() + clock_offset FROM deployment $$;

CREATE FUNCTION set_clock(p_now timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp
    AS $$ UPDATE deployment SET clock_offset = p_now - clock_timestamp() $$;

-- What a transaction may see: the bodies, the organization and the person it named when it began. Nothing by default.
CREATE FUNCTION visible_bodies() RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('yijue.bodies', true), ''), '{}')::bigint[] $$;

CREATE FUNCTION visible_organization() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('yijue.organization', true), '')::bigint $$;

CREATE FUNCTION visible_person() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('yijue.person', true), '')::bigint $$;

-- A book holds the records of one meeting; a body's own book (no meeting) those of its administration; an
-- organization's book (no body) those of its people.
CREATE TABLE books (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL,
    body_id         bigint,
    meeting_id      bigint,
    seq             bigint NOT NULL DEFAULT 0,
    hash            bytea NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000',
    last_at         timestamptz NOT NULL DEFAULT '-infinity',
    UNIQUE NULLS NOT DISTINCT (organization_id, body_id, meeting_id),
    CHECK (meeting_id IS NULL OR body_id IS NOT NULL)
);
CREATE UNIQUE INDEX books_of_meeting ON books (meeting_id);

CREATE TABLE ledger (
    book_id         bigint NOT NULL REFERENCES books,
    seq             bigint NOT NULL,
    organization_id bigint NOT NULL,
    body_id         bigint,
    at              timestamptz NOT NULL,
    actor_id        bigint,
    kind            text NOT NULL CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
    record          bytea NOT NULL,
    hash            bytea NOT NULL,
    key             uuid,
    PRIMARY KEY (book_id, seq)
);
CREATE UNIQUE INDEX ledger_key ON ledger (book_id, actor_id, key) WHERE key IS NOT NULL;

CREATE FUNCTION ledger_stands() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = '23514', CONSTRAINT = 'ledger_append_only';
END $$;
CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_stands();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_stands();

-- Every record continues its book, whoever inserts it.
CREATE FUNCTION ledger_continues() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    book books;
BEGIN
    SELECT * INTO STRICT book FROM books WHERE id = NEW.book_id FOR UPDATE;
    IF NEW.seq <> book.seq + 1 OR NEW.at < book.last_at OR NEW.hash <> sha256(book.hash || NEW.record) THEN
        RAISE EXCEPTION 'the record does not continue its book'
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_continues';
    END IF;
    UPDATE books SET seq = NEW.seq, hash = NEW.hash, last_at = NEW.at WHERE id = book.id;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_continues BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_continues();

CREATE FUNCTION books_stand() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.seq = OLD.seq + 1
       AND (NEW.id, NEW.organization_id, NEW.body_id, NEW.meeting_id)
           IS NOT DISTINCT FROM (OLD.id, OLD.organization_id, OLD.body_id, OLD.meeting_id)
       AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a book grows by its records only' USING ERRCODE = '23514', CONSTRAINT = 'ledger_append_only';
END $$;
CREATE TRIGGER books_stand BEFORE UPDATE OR DELETE ON books FOR EACH ROW EXECUTE FUNCTION books_stand();
CREATE TRIGGER books_no_truncate BEFORE TRUNCATE ON books FOR EACH STATEMENT EXECUTE FUNCTION ledger_stands();

-- The only way in for the program's role. The database numbers, times, encodes and hashes: the program gives
-- who, what kind and what, the content already as JSON with sorted keys.
CREATE FUNCTION ledger_append(p_book bigint, p_actor bigint, p_kind text, p_content text, p_key uuid)
    RETURNS TABLE (r_seq bigint, r_at timestamptz, r_record bytea, r_hash bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    book books;
BEGIN
    SELECT * INTO book FROM books WHERE id = p_book FOR UPDATE;
    IF NOT FOUND OR (book.body_id IS NULL AND book.organization_id IS DISTINCT FROM visible_organization())
       OR (book.body_id IS NOT NULL AND book.body_id <> ALL (visible_bodies())) THEN
        RAISE EXCEPTION 'no such book' USING ERRCODE = '42501';
    END IF;
    IF jsonb_typeof(p_content::jsonb) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'a record''s content is an object' USING ERRCODE = '22023';
    END IF;
    r_seq := book.seq + 1;
    r_at := greatest(yijue_now(), book.last_at);
    r_record := convert_to(format(
        '{"actor":%s,"at":"%s","body":%s,"content":%s,"kind":%s,"meeting":%s,"seq":%s}',
        coalesce(p_actor::text, 'null'), to_char(r_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(book.body_id::text, 'null'), p_content, to_json(p_kind),
        coalesce(book.meeting_id::text, 'null'), r_seq), 'UTF8');
    r_hash := sha256(book.hash || r_record);
    INSERT INTO ledger (book_id, seq, organization_id, body_id, at, actor_id, kind, record, hash, key)
    VALUES (p_book, r_seq, book.organization_id, book.body_id, r_at, p_actor, p_kind, r_record, r_hash, p_key);
    RETURN NEXT;
END $$;

ALTER TABLE books ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY books_visible ON books USING (
    body_id = ANY ((SELECT visible_bodies())::bigint[])
    OR (body_id IS NULL AND organization_id = (SELECT visible_organization())));
CREATE POLICY ledger_visible ON ledger USING (
    body_id = ANY ((SELECT visible_bodies())::bigint[])
    OR (body_id IS NULL AND organization_id = (SELECT visible_organization())));

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA yijue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION yijue_now, visible_bodies, visible_organization, visible_person TO yijue_app;
GRANT EXECUTE ON FUNCTION set_clock(timestamptz), ledger_append(bigint, bigint, text, text, uuid) TO yijue_app;
GRANT SELECT ON migrations, deployment, books, ledger TO yijue_app;
