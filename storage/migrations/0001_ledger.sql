-- The basis: the deployment, its one clock, who acts, and the ledger that nobody can change.
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

-- The one clock. Rules never read it; acts do, and pass the time on.
CREATE FUNCTION yijue_now() RETURNS timestamptz
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp
    AS $$ SELECT clock_timestamp() + clock_offset FROM deployment $$;

CREATE FUNCTION set_clock(p_now timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp
    AS $$ UPDATE deployment SET clock_offset = p_now - clock_timestamp() $$;

CREATE FUNCTION refuse(p_constraint text, p_message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', p_message USING ERRCODE = '23514', CONSTRAINT = p_constraint;
END $$;

-- The proof of who acts. `begin_as` (0002) checks a session's secret when a transaction begins and keeps the proof in
-- a setting, under a seal. Anybody may write the setting; only a function of the owner's can read the key and seal it.
-- A seal holds for one transaction of one connection.
CREATE TABLE keyring (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key bytea NOT NULL CHECK (length(key) = 32)
);
INSERT INTO keyring (key)
VALUES (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

CREATE FUNCTION seal_of(p_proof text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT encode(sha256(key || sha256(convert_to(
        pg_backend_pid() || '|' || extract(epoch FROM now()) || '|' || p_proof, 'UTF8'))), 'hex') FROM keyring
$$;

CREATE FUNCTION prove(p_person bigint, p_organization bigint, p_administrator boolean, p_bodies bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    proof text := concat_ws('|', p_person, p_organization, p_administrator, p_bodies);
BEGIN
    PERFORM set_config('yijue.proof', seal_of(proof) || '|' || proof, true),
        set_config('yijue.bodies', p_bodies::text, true), set_config('yijue.organization', p_organization::text, true);
END $$;

-- Seal, person, organization, administrator, bodies; null where nobody proved anything in this transaction. It is asked
-- for every table of every statement, so it seals by itself, as seal_of does.
CREATE FUNCTION proof() RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    kept text := current_setting('yijue.proof', true);
BEGIN
    IF kept IS NULL OR kept = '' OR substr(kept, 1, 64) <> (SELECT encode(sha256(key || sha256(convert_to(
            pg_backend_pid() || '|' || extract(epoch FROM now()) || '|' || substr(kept, 66), 'UTF8'))), 'hex')
            FROM keyring) THEN
        RETURN NULL;
    END IF;
    RETURN string_to_array(kept, '|');
END $$;

CREATE FUNCTION proved_person() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT (yijue.proof())[2]::bigint $$;
CREATE FUNCTION proved_organization() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT (yijue.proof())[3]::bigint $$;
CREATE FUNCTION proved_administrator() RETURNS boolean
    LANGUAGE sql STABLE AS $$ SELECT coalesce((yijue.proof())[4]::boolean, false) $$;
CREATE FUNCTION proved_bodies() RETURNS bigint[]
    LANGUAGE sql STABLE AS $$ SELECT coalesce((yijue.proof())[5]::bigint[], '{}') $$;

-- The organization and bodies that may be read: those that a transaction names; `begin_as` names a session's. The
-- server's own reading (the feed, a verification) has no session and names them itself. The names alone allow reading
-- books, ledger, organizations, bodies, and the tables listed in `keep_to_body` alone. All else asks for the proof.
CREATE FUNCTION visible_bodies() RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('yijue.bodies', true), ''), '{}')::bigint[] $$;
CREATE FUNCTION visible_organization() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('yijue.organization', true), '')::bigint $$;

-- The closed exceptions to "a record's actor is the person whose session was proved":
--   the owner's own sign-in (operator commands, a demonstration's sign-ins);
--   kinds that jobs write, actor null: the rows of job_kinds, while such a job of that book is being done;
--   口头 and 举手 ballots, taken down by the recorder: their kind stands in a trigger of `ballots` (0004).
CREATE FUNCTION by_owner() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp
    AS $$ SELECT pg_has_role(session_user, current_user, 'MEMBER') $$;
CREATE TABLE job_kinds (
    kind text PRIMARY KEY,
    job  text NOT NULL
);

-- A book holds the records of its subject: a meeting, a body (its administration), an organization (its people).
CREATE TABLE books (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL,
    body_id         bigint,
    subject_type    text NOT NULL CHECK (subject_type ~ '^[a-z_]+$'),
    subject_id      bigint NOT NULL,
    seq             bigint NOT NULL DEFAULT 0,
    hash            bytea NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000',
    last_at         timestamptz NOT NULL DEFAULT '-infinity',
    written_in      xid8,   -- the transaction that wrote last,
    written_from    bigint, -- and the first of its records
    CONSTRAINT books_of_subject UNIQUE (subject_type, subject_id)
);

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
    key             uuid,  -- of the command that wrote it,
    command         bytea, -- and the command's digest: a key stands for one command (see acts/commands.py)
    CHECK (command IS NULL OR key IS NOT NULL AND length(command) = 32),
    PRIMARY KEY (book_id, seq)
);
CREATE UNIQUE INDEX ledger_key ON ledger (actor_id, key) WHERE key IS NOT NULL;

CREATE FUNCTION ledger_stands() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = '23514', CONSTRAINT = 'ledger_append_only';
END $$;
CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_stands();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_stands();

-- Every record continues its book, whoever inserts it; those of one statement are looked at together.
CREATE FUNCTION ledger_continues() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    book books;
    first bigint;
    written record;
BEGIN
    FOR book IN SELECT * FROM books WHERE id IN (SELECT book_id FROM added) ORDER BY id FOR UPDATE LOOP
        first := book.seq + 1;
        FOR written IN SELECT seq, at, record, hash FROM added WHERE book_id = book.id ORDER BY seq LOOP
            IF written.seq <> book.seq + 1 OR written.at < book.last_at
                    OR written.hash <> sha256(book.hash || written.record) THEN
                RAISE EXCEPTION 'the record does not continue its book'
                    USING ERRCODE = '23514', CONSTRAINT = 'ledger_continues';
            END IF;
            book.seq := written.seq;
            book.hash := written.hash;
            book.last_at := written.at;
        END LOOP;
        UPDATE books SET seq = book.seq, hash = book.hash, last_at = book.last_at, written_in = pg_current_xact_id(),
            written_from = CASE WHEN written_in = pg_current_xact_id() THEN written_from ELSE first END
         WHERE id = book.id;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_continues AFTER INSERT ON ledger REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_continues();

CREATE FUNCTION books_stand() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.seq > OLD.seq
       AND (NEW.id, NEW.organization_id, NEW.body_id, NEW.subject_type, NEW.subject_id)
           IS NOT DISTINCT FROM (OLD.id, OLD.organization_id, OLD.body_id, OLD.subject_type, OLD.subject_id)
       AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a book grows by its records only' USING ERRCODE = '23514', CONSTRAINT = 'ledger_append_only';
END $$;
CREATE TRIGGER books_stand BEFORE UPDATE OR DELETE ON books FOR EACH ROW EXECUTE FUNCTION books_stand();
CREATE TRIGGER books_no_truncate BEFORE TRUNCATE ON books FOR EACH STATEMENT EXECUTE FUNCTION ledger_stands();

-- The program's role writes records by this alone. The database numbers, times, salts, encodes and hashes; the program
-- gives kind and content, the content as JSON with sorted keys. The salt keeps a hash from revealing the content.
CREATE FUNCTION ledger_append(p_book bigint, p_actor bigint, p_kind text, p_content text, p_key uuid,
                              p_version integer DEFAULT 1, p_command bytea DEFAULT NULL)
    RETURNS TABLE (r_seq bigint, r_at timestamptz, r_record bytea, r_hash bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    book books;
    proved text[] := proof();
BEGIN
    SELECT * INTO book FROM books WHERE id = p_book FOR UPDATE;
    IF proved[2]::bigint = p_actor AND (CASE WHEN book.body_id IS NULL THEN book.organization_id = proved[3]::bigint
            ELSE book.body_id = ANY (proved[5]::bigint[]) END) THEN
        NULL; -- a person's own record, in a book of theirs
    ELSIF NOT by_owner() THEN
        IF p_actor IS DISTINCT FROM proved[2]::bigint
           OR p_actor IS NULL AND NOT EXISTS (SELECT 1 FROM job_kinds k JOIN jobs j ON j.kind = k.job
                WHERE k.kind = p_kind AND j.done_at IS NULL AND j.failed_at IS NULL AND j.attempts > 0
                  AND (j.arguments ->> 'book')::bigint = p_book) THEN
            RAISE EXCEPTION 'a record''s actor is the person whose session was proved' USING ERRCODE = '42501';
        END IF;
        IF p_actor IS NOT NULL OR NOT coalesce(CASE WHEN book.body_id IS NULL
                THEN book.organization_id = visible_organization() ELSE book.body_id = ANY (visible_bodies()) END, false)
        THEN
            RAISE EXCEPTION 'no such book' USING ERRCODE = '42501';
        END IF;
    END IF;
    RETURN QUERY SELECT * FROM ledger_write(p_book, ARRAY[p_actor], p_kind, ARRAY[p_content], ARRAY[p_key], p_version,
        ARRAY[p_command]);
END $$;

-- Writes records of one kind, one after the other, whoever the actors are: for functions of the owner alone, which know.
-- The arrays say of each its actor, content, key and the command's digest.
CREATE FUNCTION ledger_write(p_book bigint, p_actors bigint[], p_kind text, p_contents text[], p_keys uuid[],
                                 p_version integer, p_commands bytea[])
    RETURNS TABLE (r_seq bigint, r_at timestamptz, r_record bytea, r_hash bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    book books;
    head bytea;
    records bytea[] := '{}';
    hashes bytea[] := '{}';
    beginning text;
    ending text;
BEGIN
    SELECT * INTO book FROM books WHERE id = p_book FOR UPDATE;
    -- Nothing is built on records that are gone: a copied or truncated file begins so.
    IF book.seq > 0 AND NOT EXISTS (SELECT 1 FROM ledger WHERE book_id = p_book AND seq = book.seq AND hash = book.hash)
    THEN
        PERFORM refuse('ledger_damaged', 'the last record of the book is not its head');
    END IF;
    r_at := greatest(yijue_now(), book.last_at);
    beginning := format(',"at":"%s","body":%s,"content":', to_char(r_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(book.body_id::text, 'null'));
    ending := format(',"subject":%s,"subject_id":%s,"version":%s}', to_json(book.subject_type), book.subject_id, p_version);
    head := book.hash;
    FOR i IN 1 .. cardinality(p_contents) LOOP
        IF jsonb_typeof(p_contents[i]::jsonb) IS DISTINCT FROM 'object' THEN
            RAISE EXCEPTION 'a record''s content is an object' USING ERRCODE = '22023';
        END IF;
        r_record := convert_to(format('{"actor":%s%s%s,"kind":%s,"organization":%s,"salt":"%s","seq":%s%s',
            coalesce(p_actors[i]::text, 'null'), beginning, p_contents[i], to_json(p_kind), book.organization_id,
            substr(encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex'), 1, 32),
            book.seq + i, ending), 'UTF8');
        head := sha256(head || r_record);
        records := records || r_record;
        hashes := hashes || head;
    END LOOP;
    INSERT INTO ledger (book_id, seq, organization_id, body_id, at, actor_id, kind, record, hash, key, command)
    SELECT p_book, book.seq + n, book.organization_id, book.body_id, r_at, actor, p_kind, record, hash, key, command
    FROM unnest(p_actors, records, hashes, p_keys, p_commands) WITH ORDINALITY AS u (actor, record, hash, key, command, n);
    RETURN QUERY SELECT book.seq + n, r_at, record, hash FROM unnest(records, hashes) WITH ORDINALITY AS u (record, hash, n);
END $$;

-- The books whose last record is not their head: one look into an index for each.
CREATE FUNCTION damaged_heads() RETURNS TABLE (r_type text, r_id bigint, r_head bigint, r_last bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT b.subject_type, b.subject_id, b.seq, coalesce(l.seq, 0)
    FROM books b LEFT JOIN LATERAL (SELECT seq, hash FROM ledger WHERE book_id = b.id ORDER BY seq DESC LIMIT 1) l ON true
    WHERE (b.seq, b.hash) IS DISTINCT FROM (coalesce(l.seq, 0), coalesce(l.hash, decode(repeat('00', 32), 'hex')))
    ORDER BY b.id
$$;

-- Records that are known outside (a page, a file of heads) and are not here: an older copy was put back. One row for
-- each book, of the latest such record. Nothing is numbered in the body until an operator has said what happened;
-- what is said covers the records up to it.
CREATE TABLE lost_records (
    subject_type    text NOT NULL,
    subject_id      bigint NOT NULL,
    organization_id bigint NOT NULL,
    body_id         bigint NOT NULL,
    seq             bigint NOT NULL CHECK (seq > 0),
    hash            bytea NOT NULL CHECK (length(hash) = 32),
    told_by         text NOT NULL CHECK (told_by IN ('page', 'file')),
    noticed_at      timestamptz NOT NULL DEFAULT yijue_now(),
    explained_at    timestamptz,
    PRIMARY KEY (subject_type, subject_id)
);
ALTER TABLE lost_records ENABLE ROW LEVEL SECURITY;
CREATE POLICY lost_records_visible ON lost_records USING (body_id = ANY ((SELECT visible_bodies())::bigint[]));
CREATE TRIGGER lost_records_no_truncate BEFORE TRUNCATE ON lost_records
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_stands();

-- Take what somebody says of a book: its record p_seq has this hash. True where that record is not here and its loss
-- is not explained.
CREATE FUNCTION head_told(p_type text, p_id bigint, p_organization bigint, p_body bigint, p_seq bigint, p_hash bytea,
                          p_by text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    PERFORM 1 FROM books WHERE subject_type = p_type AND subject_id = p_id FOR SHARE; -- what is being written is there
    IF EXISTS (SELECT 1 FROM books b JOIN ledger l ON l.book_id = b.id
               WHERE b.subject_type = p_type AND b.subject_id = p_id AND l.seq = p_seq AND l.hash = p_hash) THEN
        RETURN false;
    END IF;
    INSERT INTO lost_records AS known (subject_type, subject_id, organization_id, body_id, seq, hash, told_by)
    VALUES (p_type, p_id, p_organization, p_body, p_seq, p_hash, p_by)
    ON CONFLICT (subject_type, subject_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash,
        told_by = excluded.told_by, noticed_at = yijue_now(), explained_at = NULL
    WHERE known.seq < excluded.seq;
    RETURN EXISTS (SELECT 1 FROM lost_records
                   WHERE subject_type = p_type AND subject_id = p_id AND explained_at IS NULL);
END $$;

-- The key with which the program seals the heads that it gives to pages, so that none can be invented.
CREATE FUNCTION heads_key() RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp
    AS $$ SELECT sha256(key || 'heads') FROM keyring $$;

-- Every change of state has its record, written in the same transaction: at its end, one of p_kinds stands in the
-- subject's book, with the values of p_values at the paths of its content (`actor`: as its actor). Its actor was
-- proved when it was written. A change by the owner's hand needs no record.
CREATE FUNCTION is_recorded(p_subject_type text, p_subject bigint, p_kinds text[], p_paths text[], p_values text[])
    RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    written record;
    content jsonb;
    fits boolean;
BEGIN
    FOR written IN
        SELECT l.actor_id, l.record FROM books k JOIN ledger l ON l.book_id = k.id AND l.seq >= k.written_from
        WHERE k.subject_type = p_subject_type AND k.subject_id = p_subject AND k.written_in = pg_current_xact_id()
          AND l.kind = ANY (p_kinds)
    LOOP
        fits := true;
        content := convert_from(written.record, 'UTF8')::jsonb -> 'content';
        FOR i IN 1 .. cardinality(p_paths) LOOP
            fits := fits AND p_values[i] IS NOT DISTINCT FROM (CASE p_paths[i] WHEN 'actor' THEN written.actor_id::text
                ELSE content #>> string_to_array(p_paths[i], '.') END);
        END LOOP;
        IF fits THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END $$;

-- recorded(subject type, its column, kinds, path, column, path, column …)
CREATE FUNCTION recorded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    changed jsonb;
    paths text[] := '{}';
    wanted text[] := '{}';
BEGIN
    IF TG_TABLE_NAME = 'papers' THEN -- without the file itself
        changed := CASE TG_OP WHEN 'DELETE' THEN jsonb_build_object('meeting_id', OLD.meeting_id)
                   ELSE jsonb_build_object('meeting_id', NEW.meeting_id) END;
    ELSE
        changed := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    END IF;
    IF TG_TABLE_NAME = 'deliveries' THEN
        changed := changed || jsonb_build_object('meeting_id',
            (SELECT meeting_id FROM notices WHERE id = (changed ->> 'notice_id')::bigint));
    ELSIF TG_TABLE_NAME = 'ballots' THEN
        changed := changed || jsonb_build_object('meeting_id',
            (SELECT meeting_id FROM votes WHERE id = (changed ->> 'vote_id')::bigint));
    ELSIF TG_TABLE_NAME = 'minutes_copies' THEN
        changed := changed || jsonb_build_object('meeting_id',
            (SELECT meeting_id FROM minutes WHERE id = (changed ->> 'minutes_id')::bigint));
    ELSIF TG_TABLE_NAME = 'kin' THEN
        changed := changed || jsonb_build_object('organization_id',
            (SELECT organization_id FROM bodies WHERE id = (changed ->> 'body_id')::bigint));
    END IF;
    FOR i IN 3 .. TG_NARGS - 1 BY 2 LOOP
        paths := paths || TG_ARGV[i];
        wanted := wanted || (changed ->> TG_ARGV[i + 1]);
    END LOOP;
    IF NOT is_recorded(TG_ARGV[0], (changed ->> TG_ARGV[1])::bigint, TG_ARGV[2]::text[], paths, wanted)
       AND NOT by_owner() THEN
        PERFORM refuse('recorded', format('%s of %s has no record of a kind in %s', TG_OP, TG_TABLE_NAME, TG_ARGV[2]));
    END IF;
    RETURN NULL;
END $$;

ALTER TABLE books ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY books_visible ON books USING (
    body_id = ANY ((SELECT visible_bodies())::bigint[])
    OR (body_id IS NULL AND organization_id = (SELECT visible_organization())));
CREATE POLICY ledger_visible ON ledger USING (
    body_id = ANY ((SELECT visible_bodies())::bigint[])
    OR (body_id IS NULL AND organization_id = (SELECT visible_organization())));

-- Whether a row can be kept durably now. Each row fills a page, so that every write asks the disk for a new one, as
-- ballots do sooner or later; the table is emptied after 64 unless somebody (a backup) is reading it.
CREATE TABLE readiness (fill text NOT NULL) WITH (autovacuum_enabled = false);
ALTER TABLE readiness ALTER COLUMN fill SET STORAGE PLAIN;
CREATE FUNCTION write_readiness() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF pg_relation_size('readiness') >= 64 * 8192 THEN
        BEGIN
            LOCK TABLE readiness IN ACCESS EXCLUSIVE MODE NOWAIT;
            TRUNCATE readiness;
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END IF;
    INSERT INTO readiness VALUES (repeat('.', 8000));
END $$;

-- The clock, as it was last seen beside the time since the program's machine was started (`boot`), which nobody sets;
-- and its jumps of more than a minute. The latest of both are kept.
CREATE TABLE clock_seen (
    boot       text PRIMARY KEY,
    since_boot interval NOT NULL,
    at         timestamptz NOT NULL
);
CREATE TABLE clock_jumps (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    noticed_at timestamptz NOT NULL,
    seconds    bigint NOT NULL -- forward; negative where the clock went back
);

-- See the clock: the seconds that it has jumped since it was last seen, null for none. After a restart of the machine
-- the time between is not known: the clock has jumped where it is earlier than before, or more than 30 days later.
CREATE FUNCTION see_clock(p_boot text, p_since interval) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    here timestamptz := clock_timestamp();
    last clock_seen;
    jump bigint;
BEGIN
    SELECT * INTO last FROM clock_seen WHERE boot = p_boot FOR UPDATE;
    IF FOUND THEN
        jump := extract(epoch FROM (here - last.at) - (p_since - last.since_boot));
    ELSE
        SELECT * INTO last FROM clock_seen ORDER BY at DESC LIMIT 1;
        jump := CASE WHEN here < last.at OR here > last.at + interval '30 days'
                     THEN extract(epoch FROM here - last.at) END;
    END IF;
    INSERT INTO clock_seen VALUES (p_boot, p_since, here)
    ON CONFLICT (boot) DO UPDATE SET since_boot = excluded.since_boot, at = excluded.at;
    DELETE FROM clock_seen WHERE boot NOT IN (SELECT boot FROM clock_seen ORDER BY boot <> p_boot, at DESC LIMIT 8);
    IF abs(jump) <= 60 THEN
        jump := NULL;
    END IF;
    IF jump IS NOT NULL THEN
        INSERT INTO clock_jumps (noticed_at, seconds) VALUES (here, jump);
        DELETE FROM clock_jumps WHERE id <= (SELECT max(id) FROM clock_jumps) - 100;
    END IF;
    RETURN jump;
END $$;
CREATE FUNCTION clock_jumps() RETURNS TABLE (r_at timestamptz, r_seconds bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp
    AS $$ SELECT noticed_at, seconds FROM clock_jumps ORDER BY id DESC $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA yijue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION see_clock, clock_jumps, write_readiness, yijue_now, refuse, proof, proved_person, proved_organization, proved_administrator,
    proved_bodies, visible_bodies, visible_organization, damaged_heads, head_told, heads_key TO yijue_app;
GRANT EXECUTE ON FUNCTION set_clock(timestamptz), ledger_append(bigint, bigint, text, text, uuid, integer, bytea)
    TO yijue_app;
GRANT SELECT ON migrations, deployment, books, ledger, lost_records TO yijue_app;
