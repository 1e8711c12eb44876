-- Organizations and their people, bodies, and the rules by which they decide.
SET LOCAL search_path = yijue;

-- The normal form of a name and of a code, as `acts/normal.py` makes it: in a name no character that shows nothing, one
-- middle dot, one kind of blank and none inside Chinese, no full-width letter or digit, no radical for a character.
CREATE FUNCTION is_plain(p text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT p IS NFC NORMALIZED AND p COLLATE "C" !~ ('['
        '\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f'
        '\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd'
        '\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff'
        '\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u2f00-\u2fd5'
        '\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000'
        ']|^ | $|  ')
$$;
CREATE FUNCTION is_name(p text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT yijue.is_plain(p) AND p COLLATE "C" !~ (
        '[\u0387\u16eb\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f\uff65]| \u00b7|\u00b7 |'
        '(?<=[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]) (?=[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])')
$$;
CREATE FUNCTION is_code(p text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT yijue.is_plain(p) AND p COLLATE "C" !~ '[\uff0d-\uff0f\uff3f]'
$$;

CREATE TABLE organizations (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- names the organization in its sign-in link
    code       text NOT NULL DEFAULT substr(translate(gen_random_uuid()::text, '-', ''), 1, 8),
    -- whether a second factor is demanded of administrators, secretaries, heads and observers
    second_factor boolean NOT NULL DEFAULT false,
    duties_apart boolean NOT NULL DEFAULT false, -- nobody is two of administrator, security, auditor
    created_at timestamptz NOT NULL DEFAULT yijue_now(),
    CONSTRAINT organizations_name UNIQUE (name),
    CONSTRAINT organizations_code UNIQUE (code),
    CONSTRAINT organizations_name_form CHECK (is_name(name)),
    CONSTRAINT organizations_code_form CHECK (code COLLATE "C" ~ '^[a-z0-9]{2,20}$')
);

CREATE TABLE people (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations,
    staff_number    text NOT NULL CHECK (length(staff_number) BETWEEN 1 AND 40),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    post            text NOT NULL DEFAULT '' CHECK (length(post) <= 100),
    password_hash   text,
    password_given  boolean NOT NULL DEFAULT false, -- by another; its owner changes it before anything else
    second_factor   boolean NOT NULL DEFAULT false, -- whether one is confirmed
    can_sign_in     boolean GENERATED ALWAYS AS (password_hash IS NOT NULL) STORED,
    administrator   boolean NOT NULL DEFAULT false,
    security        boolean NOT NULL DEFAULT false, -- gives roles, duties and passwords (安全管理员)
    auditor         boolean NOT NULL DEFAULT false, -- reads who did what, and nothing else
    active          boolean NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL DEFAULT yijue_now(),
    CONSTRAINT people_staff_number UNIQUE (organization_id, staff_number),
    CONSTRAINT people_in_organization UNIQUE (id, organization_id),
    CONSTRAINT people_name_form CHECK (is_name(name)),
    CONSTRAINT people_number_form CHECK (is_code(staff_number))
);

-- A session's secret is known to the holder of its token; its SHA-256 is kept here, and only the owner can read it.
-- `due` names what its person has to do first: until then it proves the person, and neither a right nor a body.
CREATE TABLE sessions (
    secret_hash bytea PRIMARY KEY,
    id          bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    person_id   bigint NOT NULL REFERENCES people,
    csrf        text NOT NULL,
    due         text[] NOT NULL DEFAULT '{}' CHECK (due <@ '{code,password,enrol}'),
    browser     text NOT NULL DEFAULT '' CHECK (length(browser) <= 300),
    created_at  timestamptz NOT NULL DEFAULT yijue_now(),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz NOT NULL DEFAULT clock_timestamp(), -- by the machine's clock, which a demonstration does not set
    ended       text CHECK (ended IN ('elsewhere', 'administrator', 'password', 'reset')) -- kept for a day, to say why
);
CREATE INDEX sessions_of_person ON sessions (person_id);

-- Whether a session is open: for so many hours, and while it is used, which a live feed counts as. The sessions of
-- those who are in the room of a meeting (0004) stay open until it is adjourned, for half a day at most.
CREATE FUNCTION session_open(p_session sessions) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    RETURN p_session.ended IS NULL
        AND (p_session.expires_at > yijue_now() AND p_session.used_at > clock_timestamp() - interval '1 hour'
        OR p_session.expires_at > yijue_now() - interval '12 hours' AND EXISTS (
            SELECT 1 FROM presence p JOIN meetings m ON m.id = p.meeting_id
            WHERE p.person_id = p_session.person_id AND p.state = 'present' AND m.state IN ('noticed', 'in_session')));
END $$;

-- Why the session of this secret has ended, for the sign-in page of its browser; null where it is open, or not known.
CREATE FUNCTION ending_of(p_secret bytea) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    RETURN (SELECT CASE WHEN NOT p.active THEN 'closed' WHEN s.ended IS NOT NULL THEN s.ended WHEN session_open(s) THEN NULL
                        WHEN s.expires_at <= yijue_now() THEN 'expired' ELSE 'idle' END
            FROM sessions s JOIN people p ON p.id = s.person_id WHERE s.secret_hash = sha256(p_secret));
END $$;

-- The browsers in which somebody has signed in before, by the secret that their cookie holds (see `device_known`).
CREATE TABLE devices (
    person_id   bigint NOT NULL REFERENCES people,
    secret_hash bytea NOT NULL,
    last_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (person_id, secret_hash)
);

-- Failed sign-ins by the organization (see `sign_in_place`), the number that were tried, known or not, so that the
-- answer does not reveal which it is, and who tried: a device that the number's owner knows, the person who is signed
-- in, or strangers, by their address and all together. `due_at` is the moment from which all tries are free again.
CREATE TABLE sign_in_failures (
    organization text NOT NULL,
    staff_number text NOT NULL,
    tried_by     text NOT NULL,
    due_at       timestamptz NOT NULL,
    PRIMARY KEY (organization, staff_number, tried_by)
);

-- A guess is written down by one transaction and looked at by a later one, so that no rollback can undo the
-- count after its answer is known.
CREATE TABLE sign_in_guesses (
    ticket       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization text NOT NULL,
    staff_number text NOT NULL,
    tried_by     text NOT NULL,
    address      text NOT NULL DEFAULT '',
    guess        text,
    guessed_in   xid8,
    at           timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A second factor by TOTP (RFC 6238: SHA-1, six digits, 30 s). Codes are computed here: the program's role reads a secret
-- once, when its owner sets it up. `recovery` are the SHA-256 of the recovery codes that are left.
CREATE TABLE second_factors (
    person_id bigint PRIMARY KEY REFERENCES people,
    secret    bytea NOT NULL CHECK (length(secret) = 20),
    last_step bigint NOT NULL DEFAULT 0, -- of the code that was taken last: none is taken twice
    recovery  bytea[] NOT NULL DEFAULT '{}'
);

-- Failed sign-ins, on record at most once a minute for each address and person (0: a number that nobody has, which is
-- not kept: it may be a password): `held` have failed since `since` and are not on record yet.
CREATE TABLE sign_in_misses (
    organization_id bigint NOT NULL REFERENCES organizations,
    address         text NOT NULL,
    person_id       bigint NOT NULL,
    since           timestamptz NOT NULL,
    held            integer NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, address, person_id)
);

-- The kinds of body, a closed list, each with the procedure (0003) that its meetings follow, and whether the majority
-- decides there or the head (Rules 2, 6(6); Working 6-7); the same list stands in bodies/kinds_of_body.py.
CREATE TABLE kinds_of_body (
    kind      text PRIMARY KEY,
    procedure text NOT NULL,
    decides   text NOT NULL CHECK (decides IN ('majority', 'head'))
);
INSERT INTO kinds_of_body VALUES
    ('党组', 'committee', 'majority'), ('党委', 'committee', 'majority'), ('党总支', 'committee', 'majority'),
    ('党支部', 'branch', 'majority'), ('局长办公会', 'executive', 'head'), ('工作例会', 'committee', 'head'),
    ('专题会议', 'committee', 'head'), ('中心组学习', 'committee', 'majority'), ('其他', 'committee', 'majority');

CREATE TABLE bodies (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind            text NOT NULL DEFAULT '党组',
    charter         jsonb NOT NULL DEFAULT '{}',
    rulebook        jsonb, -- the body's own; null for the default one. Meetings keep in their notice the one they found
    created_at      timestamptz NOT NULL DEFAULT yijue_now(),
    CONSTRAINT bodies_name UNIQUE (organization_id, name),
    CONSTRAINT bodies_name_form CHECK (is_name(name)),
    CONSTRAINT bodies_kind_known FOREIGN KEY (kind) REFERENCES kinds_of_body
);

-- Whether the transaction's person may give roles, duties and passwords: the administrator too, unless the duties are
-- held apart. A session that has something to do first proves no body, and none of this.
CREATE FUNCTION proved_security() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT coalesce((SELECT p.security AND proved_bodies() <> '{}' OR proved_administrator() AND NOT o.duties_apart
        FROM people p JOIN organizations o ON o.id = p.organization_id WHERE p.id = proved_person()), false)
$$;

-- Duties are given by those who may; held apart, nobody has two, and each has somebody.
CREATE FUNCTION people_duties() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    apart boolean := (SELECT duties_apart FROM organizations WHERE id = NEW.organization_id FOR SHARE);
    was boolean[] := '{false,false,false}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := ARRAY[OLD.administrator, OLD.security, OLD.auditor];
        IF (NEW.name, NEW.post, NEW.active) IS DISTINCT FROM (OLD.name, OLD.post, OLD.active)
                AND NOT by_owner() AND NOT proved_administrator() THEN
            PERFORM refuse('administrator_proved', 'an administrator changes a person');
        END IF;
    END IF;
    IF ARRAY[NEW.administrator, NEW.security, NEW.auditor] <> was AND NOT by_owner() AND NOT proved_security() THEN
        PERFORM refuse('security_proved', 'who may gives duties');
    END IF;
    IF apart AND NEW.administrator::int + NEW.security::int + NEW.auditor::int > 1 THEN
        PERFORM refuse('duties_apart', 'nobody has two duties');
    END IF;
    IF apart AND TG_OP = 'UPDATE' THEN
        PERFORM duties_filled(NEW.organization_id, NEW.id, NEW.administrator AND NEW.active, NEW.security AND NEW.active,
                              NEW.auditor AND NEW.active);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_duties BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION people_duties();

-- Refuses where a duty would have nobody, this person having the given ones.
CREATE FUNCTION duties_filled(p_organization bigint, p_person bigint, p_administrator boolean, p_security boolean, p_auditor boolean)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    others record;
BEGIN
    SELECT coalesce(bool_or(administrator), false) AS a, coalesce(bool_or(security), false) AS s,
           coalesce(bool_or(auditor), false) AS u INTO others
    FROM people WHERE organization_id = p_organization AND active AND id <> p_person;
    IF NOT ((others.a OR p_administrator) AND (others.s OR p_security) AND (others.u OR p_auditor)) THEN
        PERFORM refuse('duties_filled', 'each duty has somebody');
    END IF;
END $$;

-- The organization holds the duties apart, or no longer.
CREATE FUNCTION set_duties_apart(p_apart boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NOT proved_security() THEN
        PERFORM refuse('security_proved', 'who may holds duties apart');
    END IF;
    UPDATE organizations SET duties_apart = p_apart WHERE id = proved_organization();
    IF p_apart AND EXISTS (SELECT 1 FROM people WHERE organization_id = proved_organization()
            AND administrator::int + security::int + auditor::int > 1) THEN
        PERFORM refuse('duties_apart', 'nobody has two duties');
    END IF;
    IF p_apart THEN
        PERFORM duties_filled(proved_organization(), 0, false, false, false);
    END IF;
END $$;

-- A body's kind never changes, whoever asks: a 党组 never becomes a meeting whose head decides.
CREATE FUNCTION bodies_stand() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NEW.kind <> OLD.kind THEN
        PERFORM refuse('bodies_kind', 'a body''s kind never changes');
    END IF;
    IF NOT by_owner() AND NOT proved_administrator() THEN
        PERFORM refuse('administrator_proved', 'an administrator changes a body');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bodies_stand BEFORE UPDATE ON bodies FOR EACH ROW EXECUTE FUNCTION bodies_stand();

CREATE TABLE grants (
    body_id    bigint NOT NULL REFERENCES bodies,
    person_id  bigint NOT NULL REFERENCES people,
    role       text NOT NULL CHECK (role IN
                   ('member', 'head', 'acting_head', 'secretary', 'observer', 'attendee', 'hall', 'office_head',
                    'deputy')),
    granted_at timestamptz NOT NULL DEFAULT yijue_now(),
    ends_on    date, -- the first day on which the role is not held any more; null while none is set
    document   text CHECK (length(document) BETWEEN 1 AND 200), -- the superior's, by which somebody is acting head
    since      date,
    PRIMARY KEY (body_id, person_id, role),
    CONSTRAINT grants_acting CHECK (num_nonnulls(document, since) = CASE role WHEN 'acting_head' THEN 2 ELSE 0 END)
);

-- Whether a role that ends on this day (null: none) is held today, by the bureau's time.
CREATE FUNCTION held(p_ends_on date) RETURNS boolean
    LANGUAGE sql VOLATILE AS $$ -- without rights of its own, so that it is part of the query that asks it
    SELECT CASE WHEN p_ends_on IS NULL THEN true ELSE p_ends_on > (yijue.yijue_now() AT TIME ZONE 'Asia/Shanghai')::date END
$$;
CREATE INDEX grants_of_person ON grants (person_id); -- asked at every request

-- An observer may be a member; the head is never the observer, who would watch themselves.
CREATE FUNCTION grants_observer_apart() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    PERFORM 1 FROM bodies WHERE id = NEW.body_id FOR UPDATE;
    IF (NEW.role = 'observer' AND EXISTS (SELECT 1 FROM grants WHERE body_id = NEW.body_id
            AND person_id = NEW.person_id AND role IN ('head', 'acting_head') AND held(ends_on)))
       OR (NEW.role IN ('head', 'acting_head') AND EXISTS (SELECT 1 FROM grants WHERE body_id = NEW.body_id
            AND person_id = NEW.person_id AND role = 'observer' AND held(ends_on))) THEN
        RAISE EXCEPTION 'the head never observes' USING ERRCODE = '23514', CONSTRAINT = 'grants_observer_apart';
    END IF;
    IF NEW.role IN ('head', 'acting_head') AND held(NEW.ends_on) AND EXISTS (SELECT 1 FROM grants WHERE body_id = NEW.body_id
            AND person_id <> NEW.person_id AND role = NEW.role AND held(ends_on)) THEN
        IF NEW.role = 'head' THEN
            PERFORM refuse('grants_one_head', 'a body has one head');
        END IF;
        PERFORM refuse('grants_one_acting_head', 'a body has one acting head');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grants_observer_apart BEFORE INSERT OR UPDATE ON grants
    FOR EACH ROW EXECUTE FUNCTION grants_observer_apart();

-- The head entrusts a member with signing minutes, until the head takes it back. It holds while the one who entrusts is
-- the head or acting head, and the other a member.
CREATE TABLE entrustments (
    body_id   bigint PRIMARY KEY REFERENCES bodies,
    person_id bigint NOT NULL REFERENCES people,
    by_id     bigint NOT NULL REFERENCES people,
    CONSTRAINT entrustments_another CHECK (person_id <> by_id)
);

-- Every role held today: those granted, and that of the member entrusted with signing.
CREATE VIEW held_roles WITH (security_invoker) AS
    SELECT body_id, person_id, role, ends_on FROM grants WHERE held(ends_on)
    UNION ALL
    SELECT e.body_id, e.person_id, 'signatory', NULL FROM entrustments e
    WHERE EXISTS (SELECT 1 FROM grants WHERE (body_id, person_id, role) = (e.body_id, e.person_id, 'member') AND held(ends_on))
      AND EXISTS (SELECT 1 FROM grants WHERE (body_id, person_id) = (e.body_id, e.by_id)
                  AND role IN ('head', 'acting_head') AND held(ends_on));

CREATE FUNCTION entrustments_lawful() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM grants WHERE body_id = coalesce(NEW.body_id, OLD.body_id) AND person_id = proved_person()
                   AND role IN ('head', 'acting_head') AND held(ends_on))
       OR (TG_OP <> 'DELETE' AND (NEW.by_id <> proved_person() OR NOT EXISTS (SELECT 1 FROM grants
           WHERE (body_id, person_id, role) = (NEW.body_id, NEW.person_id, 'member') AND held(ends_on)))) THEN
        PERFORM refuse('entrustments_head', 'the head entrusts a member with signing');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER entrustments_lawful BEFORE INSERT OR UPDATE OR DELETE ON entrustments
    FOR EACH ROW EXECUTE FUNCTION entrustments_lawful();

CREATE TABLE seats (
    body_id   bigint NOT NULL REFERENCES bodies,
    person_id bigint NOT NULL REFERENCES people,
    seat      integer NOT NULL CHECK (seat BETWEEN 1 AND 999),
    post      text NOT NULL DEFAULT '' CHECK (length(post) <= 100),
    in_charge text NOT NULL DEFAULT '' CHECK (length(in_charge) <= 200),
    deputy_id bigint CHECK (deputy_id <> person_id), -- the B角, a member too
    PRIMARY KEY (body_id, person_id),
    CONSTRAINT seats_deputy FOREIGN KEY (body_id, deputy_id) REFERENCES seats (body_id, person_id),
    CONSTRAINT seats_one_each UNIQUE (body_id, seat) DEFERRABLE INITIALLY DEFERRED
);

-- People as kinship knows them: members, candidates, and the relatives between them.
CREATE TABLE kin (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body_id   bigint NOT NULL REFERENCES bodies,
    name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    person_id bigint REFERENCES people,
    CONSTRAINT kin_of_body UNIQUE (id, body_id),
    CONSTRAINT kin_person UNIQUE (body_id, person_id),
    CONSTRAINT kin_name_form CHECK (is_name(name))
);

CREATE TABLE kinships (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body_id bigint NOT NULL REFERENCES bodies,
    type    text NOT NULL CHECK (type IN ('parent', 'spouse', 'sibling')),
    a       bigint NOT NULL,
    b       bigint NOT NULL,
    CONSTRAINT kinships_two_people CHECK (a <> b),
    CONSTRAINT kinships_once UNIQUE (body_id, type, a, b),
    FOREIGN KEY (a, body_id) REFERENCES kin (id, body_id),
    FOREIGN KEY (b, body_id) REFERENCES kin (id, body_id)
);

CREATE TABLE matters (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body_id  bigint NOT NULL REFERENCES bodies,
    year     integer NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    code     text NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
    title    text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    category text NOT NULL CHECK (category IN ('major', 'personnel', 'project', 'funds', 'other')),
    note     text NOT NULL DEFAULT '',
    CONSTRAINT matters_code UNIQUE (body_id, year, code),
    CONSTRAINT matters_code_form CHECK (is_code(code))
);

-- A body's people are of its own organization; a foreign key alone bypasses row security.
CREATE FUNCTION person_of_organization() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NEW.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM people p JOIN bodies b
            ON b.organization_id = p.organization_id WHERE p.id = NEW.person_id AND b.id = NEW.body_id) THEN
        RAISE EXCEPTION 'no such person here' USING ERRCODE = '23503', CONSTRAINT = 'person_of_organization';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grants_organization BEFORE INSERT OR UPDATE ON grants
    FOR EACH ROW EXECUTE FUNCTION person_of_organization();
CREATE TRIGGER seats_organization BEFORE INSERT OR UPDATE ON seats
    FOR EACH ROW EXECUTE FUNCTION person_of_organization();
CREATE TRIGGER kin_organization BEFORE INSERT OR UPDATE ON kin
    FOR EACH ROW EXECUTE FUNCTION person_of_organization();

-- Days off and days worked of a year that the calendar library does not know: entered, never guessed.
CREATE TABLE calendar_years (
    organization_id bigint NOT NULL REFERENCES organizations,
    year            integer NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    holidays        date[] NOT NULL,
    workdays        date[] NOT NULL,
    PRIMARY KEY (organization_id, year)
);

CREATE FUNCTION open_book() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'organizations' THEN
        INSERT INTO books (organization_id, subject_type, subject_id)
        VALUES (NEW.id, 'organization', NEW.id), (NEW.id, 'access', NEW.id);
    ELSIF TG_TABLE_NAME = 'bodies' THEN
        INSERT INTO books (organization_id, body_id, subject_type, subject_id)
        VALUES (NEW.organization_id, NEW.id, 'body', NEW.id);
    ELSE -- open_book(subject type), on a table with id and body_id
        INSERT INTO books (organization_id, body_id, subject_type, subject_id)
        SELECT organization_id, NEW.body_id, TG_ARGV[0], NEW.id FROM bodies WHERE id = NEW.body_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER organizations_book AFTER INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION open_book();
CREATE TRIGGER bodies_book AFTER INSERT ON bodies FOR EACH ROW EXECUTE FUNCTION open_book();

-- The persons whose sessions these are, by the place `n` of each. The arguments are the sessions' secrets; the hashes that
-- are kept are of no use here.
CREATE FUNCTION authenticate(p_secrets bytea[])
    RETURNS TABLE (n bigint, person_id bigint, organization_id bigint, name text, administrator boolean, security boolean,
                   auditor boolean, csrf text, due text[], body_ids bigint[], roles text[])
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    -- Use is noted once a minute, and never waited for.
    UPDATE sessions SET used_at = clock_timestamp() WHERE secret_hash IN (SELECT secret_hash FROM sessions s
        WHERE secret_hash = ANY (ARRAY(SELECT sha256(secret) FROM unnest(p_secrets) AS u (secret)))
          AND used_at < clock_timestamp() - interval '1 minute' AND session_open(s) FOR UPDATE SKIP LOCKED);
    SELECT u.n, p.id, p.organization_id, p.name, p.administrator AND s.due = '{}',
           (p.security OR p.administrator AND NOT o.duties_apart) AND s.due = '{}', p.auditor AND s.due = '{}', s.csrf, s.due,
           array_agg(g.body_id ORDER BY g.body_id, g.role) FILTER (WHERE g.body_id IS NOT NULL),
           array_agg(g.role ORDER BY g.body_id, g.role) FILTER (WHERE g.body_id IS NOT NULL)
    FROM unnest(p_secrets) WITH ORDINALITY AS u (secret, n) JOIN sessions s ON s.secret_hash = sha256(u.secret)
        JOIN people p ON p.id = s.person_id JOIN organizations o ON o.id = p.organization_id LEFT JOIN LATERAL (
        SELECT body_id, role FROM held_roles WHERE person_id = p.id
        UNION ALL
        SELECT id, 'administrator' FROM bodies WHERE p.administrator AND organization_id = p.organization_id
        UNION ALL
        SELECT id, 'security' FROM bodies WHERE (p.security OR p.administrator AND NOT o.duties_apart)
            AND organization_id = p.organization_id
    ) g ON s.due = '{}'
    WHERE session_open(s) AND p.active
    GROUP BY u.n, p.id, s.secret_hash, o.duties_apart
$$;

-- The beginning of every transaction in which a person reads or acts: in one query what the session proves and the
-- key to seal it (see `proofs_of` in 0003 and `prove`).
CREATE FUNCTION begin_as(p_secret bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    holder bigint;
    organization bigint;
    administrator boolean;
    bodies bigint[];
    sealing bytea;
    proved text;
BEGIN
    SELECT p.person, p.organization, p.administrator, p.bodies, k.key INTO holder, organization, administrator, bodies, sealing
      FROM proofs_of(ARRAY[p_secret]) p, keyring k;
    IF NOT FOUND THEN
        PERFORM refuse('session_proved', 'no session has this secret');
    END IF;
    proved := concat_ws('|', holder, organization, administrator, bodies);
    PERFORM set_config('yijue.proof', encode(sha256(sealing || sha256(convert_to(
            pg_backend_pid() || '|' || extract(epoch FROM now()) || '|' || proved, 'UTF8'))), 'hex') || '|' || proved, true),
        set_config('yijue.bodies', bodies::text, true), set_config('yijue.organization', organization::text, true);
END $$;

-- Who signed in and out, read papers and took files is on record in a book of its own beside the organization's
-- (kinds access.*). Signing in and out, and failing to, the database writes by itself: it alone knows.
CREATE FUNCTION note_access(p_organization bigint, p_actor bigint, p_kind text, p_content text) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT ledger_write(id, ARRAY[p_actor], p_kind, ARRAY[p_content], ARRAY[NULL::uuid], 1, ARRAY[NULL::bytea]) FROM books
    WHERE subject_type = 'access' AND subject_id = p_organization
$$;

-- A failure: the first of a minute from an address, at a number or at numbers that nobody has, is a record at once; the
-- others are counted and stand in the next one. Of addresses beyond sixty in a minute the count alone is kept.
CREATE FUNCTION sign_in_missed(p_place text, p_number text, p_address text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    at CONSTANT timestamptz := clock_timestamp();
    home bigint := (SELECT id FROM organizations WHERE id::text = p_place);
    who bigint := coalesce((SELECT id FROM people WHERE organization_id = home AND staff_number = p_number), 0);
    place text := left(p_address, 100);
    missed sign_in_misses;
BEGIN
    IF home IS NULL THEN
        RETURN;
    END IF;
    PERFORM note_missed(home);
    IF (SELECT count(*) FROM sign_in_misses WHERE organization_id = home) >= 60 AND NOT EXISTS (
            SELECT 1 FROM sign_in_misses WHERE (organization_id, address, person_id) = (home, place, who)) THEN
        place := '…';
        who := 0;
    END IF;
    INSERT INTO sign_in_misses AS m VALUES (home, place, who, at)
        ON CONFLICT (organization_id, address, person_id) DO UPDATE SET held = m.held + 1 RETURNING * INTO missed;
    IF missed.held = 0 THEN
        PERFORM note_access(home, NULL, 'access.failed',
            format('{"address":%s,"person":%s,"times":1}', to_json(place), coalesce(nullif(who, 0)::text, 'null')));
    END IF;
END $$;

-- Puts on record what was counted for a minute, and begins anew.
CREATE FUNCTION note_missed(p_organization bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    missed sign_in_misses;
BEGIN
    FOR missed IN DELETE FROM sign_in_misses WHERE organization_id = p_organization
            AND since < clock_timestamp() - interval '1 minute' RETURNING * LOOP
        IF missed.held > 0 THEN
            PERFORM note_access(p_organization, NULL, 'access.failed', format('{"address":%s,"person":%s,"times":%s}',
                to_json(missed.address), coalesce(nullif(missed.person_id, 0)::text, 'null'), missed.held));
        END IF;
    END LOOP;
END $$;

-- For one who reads the records.
CREATE FUNCTION flush_missed() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp
    AS $$ SELECT note_missed(proved_organization()) $$;

CREATE FUNCTION close_session(p_secret bytea) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    holder people;
BEGIN
    DELETE FROM sessions s USING people p WHERE s.secret_hash = sha256(p_secret) AND p.id = s.person_id
    RETURNING p.* INTO holder;
    IF holder.id IS NOT NULL AND NOT by_owner() THEN
        PERFORM note_access(holder.organization_id, holder.id, 'access.signed_out', '{}');
    END IF;
END $$;

-- A person ends sessions of their own: the one of this number, or, where it is null, all but the one that has this
-- secret; then no other device is known either.
CREATE FUNCTION close_own_sessions(p_secret bytea, p_session bigint, p_device bytea) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    ended integer;
BEGIN
    UPDATE sessions s SET ended = 'elsewhere' WHERE person_id = proved_person() AND session_open(s)
        AND CASE WHEN p_session IS NULL THEN secret_hash <> sha256(p_secret) ELSE id = p_session END;
    GET DIAGNOSTICS ended = ROW_COUNT;
    IF ended > 0 THEN
        PERFORM note_access(proved_organization(), proved_person(), 'access.signed_out', '{}');
    END IF;
    IF p_session IS NULL THEN
        DELETE FROM devices WHERE person_id = proved_person() AND secret_hash <> sha256(p_device);
    END IF;
    RETURN ended;
END $$;

-- The open sessions of the person who is signed in: the one that asks, then the one used last.
CREATE FUNCTION own_sessions(p_secret bytea)
    RETURNS TABLE (session bigint, browser text, since timestamptz, used timestamptz, here boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT id, browser, created_at, used_at, secret_hash = sha256(p_secret) FROM sessions s
    WHERE person_id = proved_person() AND session_open(s) ORDER BY secret_hash = sha256(p_secret) DESC, used_at DESC, id DESC
$$;

-- An administrator signs a person out everywhere, one whose account is closed too; a member of a meeting that sits would
-- lose the vote that is open. No device of theirs is known any more.
CREATE FUNCTION close_sessions_of(p_person bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NOT (proved_administrator() OR proved_security()) OR NOT EXISTS (SELECT 1 FROM people WHERE id = p_person
            AND organization_id = proved_organization()) THEN
        PERFORM refuse('administrator_proved', 'an administrator signs another out');
    END IF;
    IF EXISTS (SELECT 1 FROM people WHERE id = p_person AND active) AND EXISTS (SELECT 1 FROM meetings
            WHERE state = 'in_session' AND p_person = ANY (formal_members)) THEN
        PERFORM refuse('sessions_in_session', 'a member is signed out once the meeting is adjourned');
    END IF;
    UPDATE sessions SET ended = 'administrator' WHERE person_id = p_person AND ended IS NULL;
    DELETE FROM devices WHERE person_id = p_person;
END $$;

-- The organization of this code or name, or, where none is named, the only one; null where there is no such one.
CREATE FUNCTION organization_called(p_organization text) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = yijue, pg_temp AS $$
    SELECT id FROM organizations
     WHERE CASE WHEN p_organization IS NULL THEN (SELECT count(*) FROM organizations) = 1
                ELSE code = lower(p_organization) OR name = p_organization END
     ORDER BY code = lower(p_organization) DESC LIMIT 1
$$;

-- The organization under which a sign-in is counted: its id, or, where it is unknown, what was called.
CREATE FUNCTION sign_in_place(p_organization text) RETURNS text
    LANGUAGE sql STABLE SET search_path = yijue, pg_temp
    AS $$ SELECT coalesce(organization_called(p_organization)::text, '?' || lower(p_organization), '?') $$;

-- The sign-in page, before anybody has proved anything: of the organization that is called, or the only one, its name
-- and the names of its administrators, whom a person asks who has forgotten a password. No row where it is unknown.
CREATE FUNCTION sign_in_page(p_organization text) RETURNS TABLE (organization text, administrators text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT o.name, ARRAY(SELECT p.name FROM people p WHERE p.organization_id = o.id AND p.administrator AND p.active
                         ORDER BY p.id LIMIT 3)
    FROM organizations o WHERE o.id = organization_called(p_organization)
$$;

-- The administrator chooses another code for their organization.
CREATE FUNCTION set_organization_code(p_code text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NOT proved_administrator() THEN
        PERFORM refuse('administrator_proved', 'an administrator changes an organization''s code');
    END IF;
    UPDATE organizations SET code = p_code WHERE id = proved_organization();
END $$;

-- Whether the owner of this number signed in on the device before. Its secret is in its cookie alone.
CREATE FUNCTION device_known(p_organization text, p_staff_number text, p_device bytea) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM devices d JOIN people p ON p.id = d.person_id
        WHERE d.secret_hash = sha256(p_device) AND p.staff_number = p_staff_number
          AND p.organization_id = organization_called(p_organization))
$$;

-- Counts a failure ahead and gives null, or, where `p_most` at once have failed, the time to wait for the next: one more
-- is free after each `p_every`. The clock is the machine's, which a demonstration does not set.
CREATE FUNCTION sign_in_counted(p_place text, p_number text, p_by text, p_most integer, p_every interval) RETURNS interval
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    at CONSTANT timestamptz := clock_timestamp();
BEGIN
    INSERT INTO sign_in_failures AS f VALUES (p_place, p_number, p_by, at + p_every)
        ON CONFLICT (organization, staff_number, tried_by)
        DO UPDATE SET due_at = greatest(f.due_at, at) + p_every WHERE f.due_at - at <= p_every * (p_most - 1);
    IF FOUND THEN
        RETURN NULL;
    END IF;
    RETURN coalesce((SELECT greatest(due_at - at - p_every * (p_most - 1), '0') FROM sign_in_failures
        WHERE (organization, staff_number, tried_by) = (p_place, p_number, p_by)), '0');
END $$;

-- SHA-1 (RFC 3174), which PostgreSQL has in an extension alone; authenticator programs know no other.
CREATE FUNCTION sha1(p bytea) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = yijue, pg_temp AS $$
DECLARE
    word CONSTANT bigint := 4294967295;
    message CONSTANT bytea := p || '\x80'::bytea || decode(repeat('00', (119 - length(p) % 64) % 64), 'hex')
        || int8send(length(p)::bigint * 8);
    h bigint[] := '{1732584193,4023233417,2562383102,271733878,3285377520}';
    w bigint[];
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint;
BEGIN
    FOR chunk IN 0 .. length(message) / 64 - 1 LOOP
        FOR i IN 0 .. 15 LOOP
            w[i] := 0;
            FOR j IN 0 .. 3 LOOP
                w[i] := (w[i] << 8) | get_byte(message, chunk * 64 + i * 4 + j);
            END LOOP;
        END LOOP;
        FOR i IN 16 .. 79 LOOP
            t := w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16];
            w[i] := ((t << 1) | (t >> 31)) & word;
        END LOOP;
        a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
        FOR i IN 0 .. 79 LOOP
            IF i < 20 THEN f := (b & c) | (~b & word & d); k := 1518500249;
            ELSIF i < 40 THEN f := b # c # d; k := 1859775393;
            ELSIF i < 60 THEN f := (b & c) | (b & d) | (c & d); k := 2400959708;
            ELSE f := b # c # d; k := 3395469782;
            END IF;
            t := ((((a << 5) | (a >> 27)) & word) + f + e + k + w[i]) & word;
            e := d; d := c; c := ((b << 30) | (b >> 2)) & word; b := a; a := t;
        END LOOP;
        h := ARRAY[(h[1] + a) & word, (h[2] + b) & word, (h[3] + c) & word, (h[4] + d) & word, (h[5] + e) & word];
    END LOOP;
    RETURN (SELECT decode(string_agg(lpad(to_hex(each), 8, '0'), '' ORDER BY n), 'hex') FROM unnest(h) WITH ORDINALITY AS u (each, n));
END $$;

-- The six digits of a step (RFC 4226, 5.3; the key is shorter than a block).
CREATE FUNCTION totp(p_secret bytea, p_step bigint) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = yijue, pg_temp AS $$
DECLARE
    inner_key bytea := decode(repeat('36', 64), 'hex');
    outer_key bytea := decode(repeat('5c', 64), 'hex');
    mac bytea;
    place integer;
BEGIN
    FOR i IN 0 .. length(p_secret) - 1 LOOP
        inner_key := set_byte(inner_key, i, 54 # get_byte(p_secret, i));
        outer_key := set_byte(outer_key, i, 92 # get_byte(p_secret, i));
    END LOOP;
    mac := sha1(outer_key || sha1(inner_key || int8send(p_step)));
    place := get_byte(mac, 19) & 15;
    RETURN lpad(((((get_byte(mac, place) & 127)::bigint << 24) | (get_byte(mac, place + 1) << 16)
        | (get_byte(mac, place + 2) << 8) | get_byte(mac, place + 3)) % 1000000)::text, 6, '0');
END $$;

-- Whether a code is the person's now, a step of 30 s before or after, and none that was taken; or a recovery code, which
-- serves once. A code that is right is spent. The clock is the machine's.
CREATE FUNCTION code_right(p_person bigint, p_code text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    at CONSTANT bigint := floor(extract(epoch FROM clock_timestamp()) / 30);
    factor second_factors;
BEGIN
    SELECT * INTO factor FROM second_factors WHERE person_id = p_person FOR UPDATE;
    FOR step IN greatest(at - 1, factor.last_step + 1) .. at + 1 LOOP
        IF totp(factor.secret, step) = p_code THEN
            UPDATE second_factors SET last_step = step WHERE person_id = p_person;
            RETURN true;
        END IF;
    END LOOP;
    UPDATE second_factors SET recovery = array_remove(recovery, sha256(convert_to(p_code, 'UTF8')))
     WHERE person_id = p_person AND sha256(convert_to(p_code, 'UTF8')) = ANY (recovery);
    RETURN FOUND;
END $$;

-- A code is tried as a password is: counted by one transaction, written down, and looked at by a later one. The session
-- proves nothing before, so it comes by its secret.
CREATE FUNCTION code_start(p_secret bytea, OUT ticket uuid, OUT closed interval)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    holder people;
BEGIN
    SELECT p.* INTO holder FROM sessions s JOIN people p ON p.id = s.person_id
     WHERE s.secret_hash = sha256(p_secret) AND session_open(s) AND p.active;
    IF NOT FOUND THEN
        PERFORM refuse('session_proved', 'no session has this secret');
    END IF;
    closed := sign_in_counted(holder.organization_id::text, holder.staff_number, 'code', 5, '5 minutes');
    IF closed IS NULL THEN
        INSERT INTO sign_in_guesses (organization, staff_number, tried_by)
        VALUES (holder.organization_id::text, holder.staff_number, 'code') RETURNING sign_in_guesses.ticket INTO ticket;
    END IF;
END $$;

CREATE FUNCTION code_finish(p_ticket uuid, p_secret bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    tried sign_in_guesses;
    holder bigint;
BEGIN
    DELETE FROM sign_in_guesses WHERE ticket = p_ticket AND tried_by = 'code' AND guessed_in <> pg_current_xact_id()
    RETURNING * INTO tried;
    SELECT p.id INTO holder FROM sessions s JOIN people p ON p.id = s.person_id
     WHERE s.secret_hash = sha256(p_secret) AND session_open(s) AND p.active
       AND p.organization_id::text = tried.organization AND p.staff_number = tried.staff_number;
    IF holder IS NULL OR NOT code_right(holder, tried.guess) THEN
        PERFORM sign_in_missed(tried.organization, tried.staff_number, 'TOTP') WHERE tried.ticket IS NOT NULL;
        RETURN false;
    END IF;
    DELETE FROM sign_in_failures
     WHERE (organization, staff_number, tried_by) = (tried.organization, tried.staff_number, 'code');
    UPDATE sessions SET due = array_remove(due, 'code') WHERE secret_hash = sha256(p_secret);
    RETURN true;
END $$;

-- Its owner sets up a second factor: the secret is made here and shown now; a first code confirms it. One that is
-- confirmed is not shown again, nor replaced but by the administrator's reset.
CREATE FUNCTION second_factor_begin() RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    made CONSTANT bytea := substr(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 20);
BEGIN
    IF proved_person() IS NULL OR (SELECT second_factor FROM people WHERE id = proved_person()) THEN
        PERFORM refuse('second_factor_set', 'a second factor is set up once');
    END IF;
    INSERT INTO second_factors (person_id, secret) VALUES (proved_person(), made)
        ON CONFLICT (person_id) DO UPDATE SET secret = made, last_step = 0;
    RETURN made;
END $$;

CREATE FUNCTION second_factor_confirm(p_ticket uuid, p_recovery bytea[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    tried sign_in_guesses;
BEGIN
    DELETE FROM sign_in_guesses WHERE ticket = p_ticket AND tried_by = 'code' AND guessed_in <> pg_current_xact_id()
    RETURNING * INTO tried;
    IF (SELECT second_factor OR (organization_id::text, staff_number) <> (tried.organization, tried.staff_number)
            FROM people WHERE id = proved_person()) OR NOT code_right(proved_person(), tried.guess) THEN
        RETURN false;
    END IF;
    UPDATE second_factors SET recovery = p_recovery WHERE person_id = proved_person();
    UPDATE people SET second_factor = true WHERE id = proved_person();
    UPDATE sessions SET due = array_remove(due, 'enrol') WHERE person_id = proved_person();
    RETURN true;
END $$;

-- The administrator takes a second factor away, where its device is lost: its owner is signed out everywhere.
CREATE FUNCTION second_factor_reset(p_person bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    found boolean;
BEGIN
    PERFORM close_sessions_of(p_person);
    DELETE FROM second_factors WHERE person_id = p_person;
    UPDATE people SET second_factor = false WHERE id = p_person AND second_factor RETURNING true INTO found;
    RETURN coalesce(found, false);
END $$;

-- The administrator demands a second factor, or no longer.
CREATE FUNCTION demand_second_factor(p_demanded boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NOT proved_security() THEN
        PERFORM refuse('security_proved', 'who may demands a second factor');
    END IF;
    UPDATE organizations SET second_factor = p_demanded WHERE id = proved_organization();
END $$;

-- What a person has to do first in a session that is opened now.
CREATE FUNCTION due_of(p_person people) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN p_person.second_factor THEN 'code' END,
        CASE WHEN p_person.password_given THEN 'password' END,
        CASE WHEN NOT p_person.second_factor AND (SELECT second_factor FROM organizations WHERE id = p_person.organization_id)
              AND (p_person.administrator OR EXISTS (SELECT 1 FROM held_roles WHERE person_id = p_person.id
                   AND role IN ('head', 'acting_head', 'secretary', 'observer'))) THEN 'enrol' END], NULL)
$$;

-- Signing in, in three statements. The first counts a failure ahead, so that of many guesses at once only the free
-- ones are looked at, and gives out argon2's parameters: the kept hash without its last part. An unknown number gets
-- some that look alike, always the same, derived from the key; so does any number of an unknown organization. `closed`
-- is the time to wait where too many have failed. Strangers' failures close a number to strangers alone: its owner's
-- devices, and its owner where signed in, are counted apart.
CREATE FUNCTION sign_in_start(p_organization text, p_staff_number text, p_device bytea, p_address text,
                              OUT ticket uuid, OUT parameters text, OUT closed interval)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    place CONSTANT text := sign_in_place(p_organization);
    holder people;
    tries text;
BEGIN
    SELECT * INTO holder FROM people
     WHERE organization_id = organization_called(p_organization) AND staff_number = p_staff_number AND active;
    IF holder.id = proved_person() THEN
        tries := 'own';
        closed := sign_in_counted(place, p_staff_number, tries, 10, '1 minute');
    ELSIF device_known(p_organization, p_staff_number, p_device) THEN
        tries := 'device ' || encode(sha256(p_device), 'hex');
        closed := sign_in_counted(place, p_staff_number, tries, 10, '1 minute');
    ELSE
        tries := 'address ' || left(p_address, 100);
        closed := coalesce(sign_in_counted(place, p_staff_number, tries, 5, '5 minutes'),
                           sign_in_counted(place, p_staff_number, 'strangers', 20, '5 minutes'));
    END IF;
    IF closed IS NOT NULL THEN
        PERFORM sign_in_missed(place, p_staff_number, p_address);
        RETURN;
    END IF;
    INSERT INTO sign_in_guesses (organization, staff_number, tried_by, address)
    VALUES (place, p_staff_number, tries, left(p_address, 100))
    RETURNING sign_in_guesses.ticket INTO ticket;
    parameters := coalesce(regexp_replace(holder.password_hash, '\$[^$]*$', ''), '$argon2id$v=19$m=65536,t=3,p=4$' || (
        SELECT rtrim(encode(substr(sha256(key || sha256(convert_to(concat_ws('|', 'salt', place, p_staff_number), 'UTF8'))), 1, 16),
            'base64'), '=') FROM keyring));
END $$;

-- The second writes the guess down, once.
CREATE FUNCTION sign_in_guess(p_ticket uuid, p_guess text) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    UPDATE sign_in_guesses SET guess = p_guess, guessed_in = pg_current_xact_id()
     WHERE ticket = p_ticket AND guess IS NULL
$$;

-- The person whose password an earlier transaction guessed right, or null; the guess is spent, and a right one clears
-- the count of the one who tried. Of all strangers' count it takes back its own alone.
CREATE FUNCTION guessed_right(p_ticket uuid, OUT holder people, OUT address text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    tried sign_in_guesses;
BEGIN
    DELETE FROM sign_in_guesses WHERE ticket = p_ticket AND guessed_in <> pg_current_xact_id() RETURNING * INTO tried;
    SELECT * INTO holder FROM people p
     WHERE p.organization_id::text = tried.organization AND p.staff_number = tried.staff_number
       AND p.active AND p.password_hash = tried.guess;
    IF holder.id IS NOT NULL THEN
        DELETE FROM sign_in_failures
         WHERE (organization, staff_number, tried_by) = (tried.organization, tried.staff_number, tried.tried_by);
        UPDATE sign_in_failures SET due_at = due_at - interval '5 minutes' WHERE tried.tried_by LIKE 'address %'
           AND (organization, staff_number, tried_by) = (tried.organization, tried.staff_number, 'strangers');
    ELSIF tried.ticket IS NOT NULL THEN
        PERFORM sign_in_missed(tried.organization, tried.staff_number, tried.address);
    END IF;
    address := tried.address;
END $$;

-- The third looks at the guess and, where it is right, opens the session whose secret has this hash. The device is known
-- from now on; of a person's devices the hundred used last are kept.
CREATE FUNCTION sign_in_finish(p_ticket uuid, p_secret_hash bytea, p_csrf text, p_lasts interval, p_device bytea,
                               p_browser text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    guessed record;
    holder people;
BEGIN
    SELECT * INTO guessed FROM guessed_right(p_ticket);
    holder := guessed.holder;
    IF holder.id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM note_access(holder.organization_id, holder.id, 'access.signed_in',
        format('{"address":%s,"way":"password"}', to_json(guessed.address)));
    INSERT INTO sessions (secret_hash, person_id, csrf, due, browser, expires_at)
    VALUES (p_secret_hash, holder.id, p_csrf, due_of(holder),
            left(p_browser, 300), yijue_now() + least(p_lasts, interval '12 hours'));
    INSERT INTO devices VALUES (holder.id, sha256(p_device))
        ON CONFLICT (person_id, secret_hash) DO UPDATE SET last_at = clock_timestamp();
    DELETE FROM devices WHERE (person_id, secret_hash) IN (SELECT person_id, secret_hash FROM devices
        WHERE person_id = holder.id ORDER BY last_at DESC OFFSET 100);
    INSERT INTO jobs (organization_id, kind, arguments, due_at)
        SELECT holder.organization_id, 'sign_in.purge', '{}', yijue_now() + interval '1 hour' WHERE NOT EXISTS (
            SELECT 1 FROM jobs WHERE kind = 'sign_in.purge' AND organization_id = holder.organization_id
               AND done_at IS NULL AND failed_at IS NULL);
    RETURN true;
END $$;

-- What no sign-in needs any more; a job (0006) that sign-ins leave does it. Devices are forgotten after 400 days.
CREATE FUNCTION sign_in_purge() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    DELETE FROM sessions s WHERE NOT session_open(s) AND used_at < clock_timestamp() - interval '1 day';
    DELETE FROM sign_in_failures WHERE due_at < clock_timestamp();
    DELETE FROM sign_in_guesses WHERE at < clock_timestamp() - interval '10 minutes';
    DELETE FROM devices WHERE last_at < clock_timestamp() - interval '400 days';
$$;

-- A person changes their own password: the guess is at the old one. Their other sessions end, and no other device is
-- known.
CREATE FUNCTION change_own_password(p_ticket uuid, p_password_hash text, p_secret bytea, p_device bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    holder people := (guessed_right(p_ticket)).holder;
BEGIN
    IF holder.id IS DISTINCT FROM proved_person() OR holder.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE people SET password_hash = p_password_hash, password_given = false WHERE id = holder.id;
    UPDATE sessions SET ended = 'password' WHERE person_id = holder.id AND secret_hash <> sha256(p_secret) AND ended IS NULL;
    UPDATE sessions SET due = array_remove(due, 'password') WHERE person_id = holder.id;
    DELETE FROM devices WHERE person_id = holder.id AND secret_hash <> sha256(p_device);
    RETURN true;
END $$;

-- The administrator gives another a password: they are signed out everywhere, no device is known, and all may try
-- again. Its owner changes it at the next sign-in; a demonstration's people are taken to have chosen theirs.
CREATE FUNCTION set_password_of(p_person bigint, p_password_hash text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    number text;
BEGIN
    IF NOT proved_security() THEN
        PERFORM refuse('security_proved', 'who may sets another''s password');
    END IF;
    UPDATE people SET password_hash = p_password_hash,
        password_given = id <> proved_person() AND (SELECT purpose <> 'demonstration' FROM deployment)
     WHERE id = p_person AND organization_id = proved_organization()
    RETURNING staff_number INTO number;
    IF number IS NOT NULL THEN
        UPDATE sessions SET ended = 'reset' WHERE person_id = p_person AND ended IS NULL;
        DELETE FROM devices WHERE person_id = p_person;
        DELETE FROM sign_in_failures WHERE (organization, staff_number) = (proved_organization()::text, number);
    END IF;
END $$;

-- A body that the administrator makes is theirs to see from now on.
CREATE FUNCTION create_body(p_name text, p_kind text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF NOT proved_administrator() THEN
        PERFORM refuse('administrator_proved', 'an administrator makes a body');
    END IF;
    INSERT INTO bodies (organization_id, name, kind) VALUES (proved_organization(), p_name, p_kind) RETURNING id INTO made;
    PERFORM prove(proved_person(), proved_organization(), true, proved_bodies() || made);
    RETURN made;
END $$;

-- An organization and its administrator are made by the operator at the command line, as the owner.
CREATE FUNCTION found_organization(p_name text, p_staff_number text, p_person text, p_password_hash text, p_code text DEFAULT NULL)
    RETURNS TABLE (organization_id bigint, person_id bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO organizations (name) VALUES (p_name) RETURNING id INTO found_organization.organization_id;
    UPDATE organizations SET code = p_code WHERE id = found_organization.organization_id AND p_code IS NOT NULL;
    INSERT INTO people (organization_id, staff_number, name, password_hash, administrator)
    VALUES (found_organization.organization_id, p_staff_number, p_person, p_password_hash, true)
    RETURNING id INTO found_organization.person_id;
    RETURN NEXT;
END $$;

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_years ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies ENABLE ROW LEVEL SECURITY;
ALTER TABLE grants ENABLE ROW LEVEL SECURITY;
CREATE POLICY organizations_visible ON organizations FOR SELECT USING (id = (SELECT visible_organization()));
CREATE POLICY bodies_visible ON bodies FOR SELECT USING (
    id = ANY ((SELECT visible_bodies())::bigint[]) AND organization_id = (SELECT visible_organization()));
CREATE POLICY bodies_changed ON bodies FOR UPDATE USING (id = ANY ((SELECT proved_bodies())::bigint[]));
CREATE POLICY people_visible ON people FOR SELECT USING (organization_id = (SELECT proved_organization()));
CREATE POLICY people_made ON people FOR INSERT
    WITH CHECK (organization_id = (SELECT proved_organization()) AND (SELECT proved_administrator()));
CREATE POLICY people_changed ON people FOR UPDATE
    USING (organization_id = (SELECT proved_organization()) AND (SELECT proved_administrator() OR proved_security()));
CREATE POLICY calendar_years_visible ON calendar_years FOR SELECT
    USING (organization_id = (SELECT proved_organization()));
CREATE POLICY calendar_years_set ON calendar_years
    USING (organization_id = (SELECT proved_organization()) AND (SELECT proved_administrator()));
CREATE POLICY grants_visible ON grants FOR SELECT USING (body_id = ANY ((SELECT proved_bodies())::bigint[]));
CREATE POLICY grants_set ON grants
    USING (body_id = ANY ((SELECT proved_bodies())::bigint[]) AND (SELECT proved_security()));

CREATE PROCEDURE keep_to_body(VARIADIC p_tables text[]) LANGUAGE plpgsql AS $$
DECLARE
    -- read without a session too, and for every ballot
    read_by_name CONSTANT text[] := '{reached_numbers,meetings,items,presence,recusals,votes,ballots,minutes}';
    t text;
    verb text;
BEGIN
    FOREACH t IN ARRAY p_tables LOOP
        EXECUTE format('ALTER TABLE yijue.%I ENABLE ROW LEVEL SECURITY', t);
        FOREACH verb IN ARRAY '{SELECT,INSERT,UPDATE,DELETE}'::text[] LOOP
            EXECUTE format('CREATE POLICY %I ON yijue.%I FOR %s %s (body_id = ANY ((SELECT yijue.%I())::bigint[]))',
                t || '_' || lower(verb), t, verb, CASE verb WHEN 'INSERT' THEN 'WITH CHECK' ELSE 'USING' END,
                CASE WHEN verb = 'SELECT' AND t = ANY (read_by_name) THEN 'visible_bodies' ELSE 'proved_bodies' END);
        END LOOP;
    END LOOP;
END $$;
CALL keep_to_body('entrustments', 'seats', 'kin', 'kinships', 'matters');

-- keep_record(table, events, condition, arguments of `recorded` …): at the transaction's end, each such change of a
-- row of the table has its record.
CREATE PROCEDURE keep_record(p_table text, p_events text, p_condition text, VARIADIC p_arguments text[])
    LANGUAGE plpgsql AS $$
DECLARE
    number integer := (SELECT count(*) FROM pg_trigger WHERE tgrelid = ('yijue.' || p_table)::regclass
                        AND tgname LIKE 'written%');
BEGIN
    EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER %s ON yijue.%I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW %s '
                   'EXECUTE FUNCTION yijue.recorded(%s)', format('written_%s', number + 1), p_events,
                   p_table, CASE WHEN p_condition = '' THEN '' ELSE format('WHEN (%s)', p_condition) END,
                   (SELECT string_agg(quote_literal(a), ', ' ORDER BY n)
                      FROM unnest(p_arguments) WITH ORDINALITY AS u (a, n)));
END $$;
CALL keep_record('people', 'INSERT', '', 'organization', 'organization_id', '{person.created}', 'person.id', 'id');
CALL keep_record('people', 'UPDATE OF name, post, administrator, security, auditor, active', '',
    'organization', 'organization_id', '{person.changed}', 'person.id', 'id');
CALL keep_record('people', 'UPDATE', 'OLD.password_hash IS NULL AND NEW.password_hash IS NOT NULL',
    'organization', 'organization_id', '{person.created,password.changed}');
CALL keep_record('people', 'UPDATE', 'OLD.password_hash <> NEW.password_hash',
    'organization', 'organization_id', '{password.changed}', 'person', 'id');
CALL keep_record('organizations', 'UPDATE OF duties_apart', '', 'organization', 'id', '{duties.set}', 'apart', 'duties_apart');
CALL keep_record('organizations', 'UPDATE OF code', '',
    'organization', 'id', '{organization.coded}', 'code', 'code');
CALL keep_record('organizations', 'UPDATE OF second_factor', '',
    'organization', 'id', '{second_factor.demanded}', 'demanded', 'second_factor');
CALL keep_record('people', 'UPDATE', 'OLD.second_factor <> NEW.second_factor',
    'organization', 'organization_id', '{second_factor.set,second_factor.reset}', 'person', 'id');
CALL keep_record('calendar_years', 'INSERT OR UPDATE', '',
    'organization', 'organization_id', '{calendar.set}', 'year', 'year');
CALL keep_record('bodies', 'INSERT', '', 'organization', 'organization_id', '{body.created}', 'body.id', 'id');
CALL keep_record('bodies', 'UPDATE OF charter', '', 'body', 'id', '{charter.changed}');
CALL keep_record('bodies', 'UPDATE OF rulebook', '', 'body', 'id', '{rulebook.changed}');
CALL keep_record('bodies', 'UPDATE OF name', '', 'body', 'id', '{body.renamed}', 'name', 'name');
CALL keep_record('grants', 'INSERT', '',
    'body', 'body_id', '{role.granted}', 'person', 'person_id', 'role', 'role', 'document', 'document');
CALL keep_record('grants', 'UPDATE', '',
    'body', 'body_id', '{role.granted,role.retired}', 'person', 'person_id', 'role', 'role');
CALL keep_record('grants', 'DELETE', '',
    'body', 'body_id', '{role.revoked}', 'person', 'person_id', 'role', 'role');
CALL keep_record('entrustments', 'INSERT OR UPDATE', '',
    'body', 'body_id', '{signing.entrusted}', 'person', 'person_id', 'actor', 'by_id');
CALL keep_record('entrustments', 'DELETE', '', 'body', 'body_id', '{signing.taken_back}', 'person', 'person_id');
CALL keep_record('seats', 'INSERT OR UPDATE OF seat, post, in_charge', '',
    'body', 'body_id', '{seat.set,role.granted}', 'person', 'person_id');
CALL keep_record('seats', 'UPDATE OF deputy_id', '', 'body', 'body_id', '{seat.deputy}', 'person', 'person_id');
-- A member's seat is free once they are no member; whoever takes it next says so.
CALL keep_record('seats', 'DELETE', '', 'body', 'body_id', '{role.revoked,role.granted,seat.set}');
CALL keep_record('kin', 'INSERT OR UPDATE OF person_id', '',
    'body', 'body_id', '{kin.added,kinship.recorded,role.granted}');
CALL keep_record('kin', 'UPDATE OF name', '',
    'organization', 'organization_id', '{person.changed}', 'person.id', 'person_id');
CALL keep_record('kinships', 'INSERT', '', 'body', 'body_id', '{kinship.recorded}', 'relation.id', 'id');
CALL keep_record('kinships', 'DELETE', '', 'body', 'body_id', '{kinship.removed}', 'relation.id', 'id');
CALL keep_record('matters', 'INSERT OR UPDATE', '', 'body', 'body_id', '{matters.set}');
CALL keep_record('matters', 'DELETE', '', 'body', 'body_id', '{matter.removed}', 'matter.code', 'code');

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA yijue FROM PUBLIC;
REVOKE ALL ON ALL PROCEDURES IN SCHEMA yijue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_plain(text), is_name(text), is_code(text), authenticate(bytea[]), begin_as(bytea), close_session(bytea), close_sessions_of(bigint),
    sign_in_page(text), ending_of(bytea), set_organization_code(text), device_known(text, text, bytea),
    sign_in_start(text, text, bytea, text), sign_in_guess(uuid, text), sign_in_finish(uuid, bytea, text, interval, bytea, text),
    code_start(bytea), code_finish(uuid, bytea), second_factor_begin(), second_factor_confirm(uuid, bytea[]),
    second_factor_reset(bigint), demand_second_factor(boolean), proved_security(), set_duties_apart(boolean), sign_in_purge(), flush_missed(),
    close_own_sessions(bytea, bigint, bytea), own_sessions(bytea),
    change_own_password(uuid, text, bytea, bytea), set_password_of(bigint, text), create_body(text, text) TO yijue_app;
-- Columns are named wherever the others have a default, a time or a state, that must hold.
GRANT SELECT ON organizations, kinds_of_body TO yijue_app;
GRANT SELECT (id, organization_id, staff_number, name, post, administrator, security, auditor, active, can_sign_in, password_given, second_factor),
    INSERT (organization_id, staff_number, name, post, administrator, security, auditor),
    UPDATE (name, post, active, administrator, security, auditor) ON people TO yijue_app;
GRANT SELECT, UPDATE (name, charter, rulebook) ON bodies TO yijue_app;
GRANT SELECT, INSERT (body_id, person_id, role, document, since), UPDATE (ends_on, document, since), DELETE ON grants TO yijue_app;
GRANT EXECUTE ON FUNCTION held(date) TO yijue_app;
GRANT SELECT ON held_roles TO yijue_app;
GRANT SELECT, INSERT, UPDATE (person_id, by_id), DELETE ON entrustments TO yijue_app;
GRANT SELECT, INSERT, UPDATE (seat, post, in_charge, deputy_id), DELETE ON seats TO yijue_app;
GRANT SELECT, INSERT, UPDATE (name, person_id) ON kin TO yijue_app; -- a candidate becomes a member
GRANT SELECT, INSERT, DELETE ON kinships TO yijue_app;
GRANT SELECT, INSERT, UPDATE (title, category, note), DELETE ON matters TO yijue_app;
GRANT SELECT, INSERT, UPDATE (holidays, workdays) ON calendar_years TO yijue_app;
