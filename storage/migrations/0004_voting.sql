-- Presence, discussion, votes and decisions. `corrects` in a row is the seq of the record that it puts right.
SET LOCAL search_path = yijue;

CREATE TABLE presence (
    meeting_id bigint NOT NULL,
    person_id  bigint NOT NULL REFERENCES people,
    body_id    bigint NOT NULL,
    state      text NOT NULL CHECK (state IN ('on_leave', 'present', 'left', 'absent')),
    method     text NOT NULL DEFAULT '' CHECK (method IN ('', 'code', 'hand')),
    reason     text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    at         timestamptz NOT NULL,
    corrects   bigint,
    CONSTRAINT presence_absent CHECK (state <> 'absent' OR corrects IS NOT NULL),
    PRIMARY KEY (meeting_id, person_id),
    FOREIGN KEY (meeting_id, body_id) REFERENCES meetings (id, body_id)
);

CREATE TRIGGER presence_not_cancelled BEFORE INSERT OR UPDATE ON presence
    FOR EACH ROW EXECUTE FUNCTION not_cancelled();

-- The minutes (of the Unix epoch) whose codes on the hall's screen checked somebody in: each code serves a person once,
-- in its minute and 30 s more, and nobody is present by a code that is not used here in the same transaction.
CREATE TABLE hall_codes_used (
    meeting_id bigint NOT NULL,
    person_id  bigint NOT NULL REFERENCES people,
    body_id    bigint NOT NULL,
    minute     bigint NOT NULL,
    used_in    xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT hall_codes_once PRIMARY KEY (meeting_id, person_id, minute),
    FOREIGN KEY (meeting_id, body_id) REFERENCES meetings (id, body_id)
);

CREATE FUNCTION hall_codes_fresh() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF extract(epoch FROM yijue_now()) - NEW.minute * 60 NOT BETWEEN 0 AND 90 THEN
        PERFORM refuse('hall_codes_fresh', 'a code serves in its minute and 30 s more');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hall_codes_fresh BEFORE INSERT ON hall_codes_used FOR EACH ROW EXECUTE FUNCTION hall_codes_fresh();

CREATE FUNCTION presence_by_code() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM hall_codes_used WHERE (meeting_id, person_id) = (NEW.meeting_id, NEW.person_id)
            AND (used_in = pg_current_xact_id() OR NEW.corrects IS NOT NULL)) AND NOT by_owner() THEN
        PERFORM refuse('hall_codes_fresh', 'nobody is present by a code that was not used');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER presence_by_code BEFORE INSERT OR UPDATE ON presence
    FOR EACH ROW WHEN (NEW.state = 'present' AND NEW.method = 'code') EXECUTE FUNCTION presence_by_code();

CREATE TABLE speeches (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id    bigint NOT NULL,
    meeting_id bigint NOT NULL,
    body_id    bigint NOT NULL,
    person_id  bigint NOT NULL REFERENCES people,
    summary    text NOT NULL CHECK (length(summary) <= 20000),
    corrects   bigint,
    struck     boolean NOT NULL DEFAULT false, -- nobody made that speech
    CONSTRAINT speeches_struck CHECK (NOT struck OR corrects IS NOT NULL),
    FOREIGN KEY (item_id, meeting_id, body_id) REFERENCES items (id, meeting_id, body_id)
);

CREATE TABLE positions (
    item_id    bigint NOT NULL,
    person_id  bigint NOT NULL REFERENCES people,
    meeting_id bigint NOT NULL,
    body_id    bigint NOT NULL,
    position   text NOT NULL CHECK (position IN ('yes', 'no', 'defer', 'none')),
    corrects   bigint,
    CONSTRAINT positions_none CHECK (position <> 'none' OR corrects IS NOT NULL),
    PRIMARY KEY (item_id, person_id),
    FOREIGN KEY (item_id, meeting_id, body_id) REFERENCES items (id, meeting_id, body_id)
);

CREATE TABLE written_opinions (
    item_id      bigint NOT NULL,
    person_id    bigint NOT NULL REFERENCES people,
    meeting_id   bigint NOT NULL,
    body_id      bigint NOT NULL,
    choice       text NOT NULL CHECK (choice IN ('yes', 'no', 'abstain', 'defer')),
    text         text NOT NULL CHECK (length(text) <= 20000),
    submitted_at timestamptz NOT NULL,
    read_at      timestamptz,
    void_at      timestamptz,
    PRIMARY KEY (item_id, person_id),
    FOREIGN KEY (item_id, meeting_id, body_id) REFERENCES items (id, meeting_id, body_id)
        ON DELETE CASCADE -- on a draft, after its notice was withdrawn; the ledger keeps them
);

CREATE TABLE recusals (
    item_id    bigint NOT NULL,
    person_id  bigint NOT NULL REFERENCES people,
    meeting_id bigint NOT NULL,
    body_id    bigint NOT NULL,
    rule       text NOT NULL CHECK (rule IN ('recusal.related', 'recusal.declared')),
    reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    PRIMARY KEY (item_id, person_id),
    FOREIGN KEY (item_id, meeting_id, body_id) REFERENCES items (id, meeting_id, body_id)
);

-- The roll is part of the row and never changes: frozen when the vote opens, with the person in the chair then.
CREATE TABLE votes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id    bigint NOT NULL,
    meeting_id bigint NOT NULL,
    body_id    bigint NOT NULL,
    round      integer NOT NULL CHECK (round >= 1),
    roll       bigint[] NOT NULL,
    chair_id   bigint REFERENCES people,
    form       text NOT NULL DEFAULT 'device' CHECK (form IN ('device', 'oral', 'hands')),
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed', 'void')),
    opened_at  timestamptz NOT NULL,
    closed_at  timestamptz,
    yes        integer,
    no         integer,
    abstain    integer,
    defer      integer,
    not_voted  integer,
    base       integer NOT NULL,
    needed     integer NOT NULL,
    result     text CHECK (result IN ('passed', 'not_passed')),
    CONSTRAINT votes_of_body UNIQUE (id, body_id),
    CONSTRAINT votes_round UNIQUE (item_id, round),
    CONSTRAINT votes_counted CHECK (
        (state = 'open') = (closed_at IS NULL)
        AND (state <> 'open') = (yes IS NOT NULL AND no IS NOT NULL AND abstain IS NOT NULL
                                 AND defer IS NOT NULL AND not_voted IS NOT NULL)),
    CONSTRAINT votes_result CHECK (
        (state = 'closed') = (result IS NOT NULL)
        AND (result IS NULL OR (result = 'passed') = (2 * yes > base))),
    CONSTRAINT votes_needed CHECK (needed = base / 2 + 1),
    FOREIGN KEY (item_id, meeting_id, body_id) REFERENCES items (id, meeting_id, body_id)
);
CREATE UNIQUE INDEX votes_one_open ON votes (meeting_id) WHERE state = 'open';

-- A replacement is a new version, and names the key of the version that it replaces; every version stays. In a vote by
-- voice or show of hands (口头, 举手) the recorder takes each ballot down: `taken_by`.
CREATE TABLE ballots (
    vote_id   bigint NOT NULL,
    person_id bigint NOT NULL,
    version   integer NOT NULL,
    body_id   bigint NOT NULL,
    choice    text NOT NULL CHECK (choice IN ('yes', 'no', 'abstain', 'defer')),
    key       uuid NOT NULL,
    replaces  uuid,
    at        timestamptz NOT NULL,
    taken_by  bigint REFERENCES people,
    CONSTRAINT ballots_one_each PRIMARY KEY (vote_id, person_id, version),
    FOREIGN KEY (vote_id, body_id) REFERENCES votes (id, body_id)
);

CREATE FUNCTION ballots_lawful() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    ballot record;
BEGIN
    PERFORM 1 FROM votes WHERE id IN (SELECT vote_id FROM added) FOR SHARE; -- none of them closes meanwhile
    FOR ballot IN
        SELECT added.*, v.state, v.roll, v.form, v.meeting_id, v.item_id, before.version AS version_before,
               before.key AS key_before
        FROM added JOIN votes v ON v.id = added.vote_id LEFT JOIN ballots before
            ON (before.vote_id, before.person_id, before.version) = (added.vote_id, added.person_id, added.version - 1)
    LOOP
        IF (ballot.taken_by IS NULL) <> (ballot.form = 'device') THEN
            PERFORM refuse('ballots_form', 'a ballot is cast by its member on a device, or taken down by the recorder');
        END IF;
        IF ballot.taken_by IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM grants WHERE body_id = ballot.body_id AND person_id = ballot.taken_by AND role = 'secretary')
           AND NOT EXISTS ( -- or who was named to keep the item's record in place of a recused secretary
                SELECT 1 FROM books k JOIN ledger l ON l.book_id = k.id AND l.kind = 'recorder.named'
                WHERE (k.subject_type, k.subject_id) = ('meeting', ballot.meeting_id)
                  AND convert_from(l.record, 'UTF8')::jsonb -> 'content'
                    @> jsonb_build_object('item', ballot.item_id, 'person', ballot.taken_by)) THEN
            PERFORM refuse('ballots_recorder', 'the recorder takes ballots down');
        END IF;
        IF ballot.state <> 'open' THEN
            PERFORM refuse('ballots_vote_open', 'the vote is not open');
        END IF;
        IF ballot.person_id <> ALL (ballot.roll) THEN
            PERFORM refuse('ballots_on_roll', 'the name is not on the roll');
        END IF;
        IF ballot.version <> 1 + coalesce(ballot.version_before, 0) THEN
            PERFORM refuse('ballots_one_each', 'a ballot is replaced by its next version');
        END IF;
        IF ballot.replaces IS DISTINCT FROM ballot.key_before THEN
            PERFORM refuse('ballots_not_stale', 'a ballot replaces the one that stands');
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER ballots_lawful AFTER INSERT ON ballots REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ballots_lawful();

CREATE FUNCTION ballots_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM yijue.refuse('ballots_stand', 'a ballot stands as it was cast');
    RETURN NULL;
END $$;
CREATE TRIGGER ballots_stand BEFORE UPDATE OR DELETE ON ballots FOR EACH ROW EXECUTE FUNCTION ballots_stand();
CREATE TRIGGER ballots_no_truncate BEFORE TRUNCATE ON ballots
    FOR EACH STATEMENT EXECUTE FUNCTION ballots_stand();
CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON votes
    FOR EACH STATEMENT EXECUTE FUNCTION ballots_stand();

CREATE FUNCTION votes_stand() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    c record;
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' OR NEW.state = 'open' OR
       (NEW.id, NEW.item_id, NEW.meeting_id, NEW.body_id, NEW.round, NEW.roll, NEW.opened_at, NEW.base, NEW.needed,
        NEW.form) IS DISTINCT FROM
       (OLD.id, OLD.item_id, OLD.meeting_id, OLD.body_id, OLD.round, OLD.roll, OLD.opened_at, OLD.base, OLD.needed,
        OLD.form)
    THEN
        PERFORM refuse('votes_stand', 'a vote can only be closed, once');
    END IF;
    SELECT count(*) FILTER (WHERE choice = 'yes') AS yes, count(*) FILTER (WHERE choice = 'no') AS no,
           count(*) FILTER (WHERE choice = 'abstain') AS abstain, count(*) FILTER (WHERE choice = 'defer') AS defer,
           cardinality(OLD.roll) - count(*) AS not_voted
      INTO c
      FROM (SELECT DISTINCT ON (person_id) choice FROM ballots WHERE vote_id = OLD.id
            ORDER BY person_id, version DESC) AS standing;
    IF (NEW.yes, NEW.no, NEW.abstain, NEW.defer, NEW.not_voted) IS DISTINCT FROM
       (c.yes, c.no, c.abstain, c.defer, c.not_voted) THEN
        PERFORM refuse('votes_tally', 'the tally is not that of the ballots');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER votes_stand BEFORE UPDATE OR DELETE ON votes FOR EACH ROW EXECUTE FUNCTION votes_stand();

-- An item is taken, to be discussed and to be voted, with its papers complete, after a notice that reached every member
-- on a day before the meeting, with a quorum there and the member in charge or their deputy (Measures 2; Rules 5, 6(3)).
-- The working days of the notice are the program's to count.
CREATE FUNCTION taken_lawfully(p_item bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    i items := (SELECT items FROM items WHERE id = p_item);
    m meetings := (SELECT meetings FROM meetings WHERE id = i.meeting_id);
    personnel boolean := i.category = 'personnel';
    here bigint[] := ARRAY(SELECT person_id FROM presence WHERE meeting_id = m.id AND state = 'present'
                            AND person_id = ANY (m.formal_members));
    away bigint[] := ARRAY(SELECT person_id FROM recusals WHERE item_id = p_item
                            AND person_id = ANY (m.formal_members));
    share text := CASE WHEN personnel THEN coalesce(m.charter ->> 'personnel_quorum', '2/3')
                       ELSE coalesce(m.charter ->> 'quorum', '1/2') END;
    top bigint := split_part(share, '/', 1);
    bottom bigint := coalesce(nullif(split_part(share, '/', 2), ''), '1');
    base bigint := cardinality(m.formal_members)
        - CASE WHEN m.charter @> '{"recused_in_base": false}' THEN cardinality(away) ELSE 0 END;
    counted bigint := cardinality(here) - CASE WHEN m.charter @> '{"recused_counts_present": true}' THEN 0
        ELSE (SELECT count(*) FROM unnest(here) AS h WHERE h = ANY (away)) END;
BEGIN
    IF NOT i.materials_complete AND personnel THEN
        PERFORM refuse('taken_personnel_papers', 'a personnel item is taken with its papers');
    ELSIF NOT i.materials_complete THEN
        PERFORM refuse('taken_papers', 'an item is taken with its papers');
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(m.formal_members) AS f WHERE NOT EXISTS (
            SELECT 1 FROM notices n JOIN deliveries d ON d.notice_id = n.id
             WHERE n.meeting_id = m.id AND n.withdrawn_at IS NULL AND d.person_id = f
               AND (d.delivered_at AT TIME ZONE 'Asia/Shanghai')::date
                   < (least(m.starts_at, m.called_at) AT TIME ZONE 'Asia/Shanghai')::date)) THEN
        PERFORM refuse('taken_notice', 'the notice reached every member on a day before the meeting');
    END IF;
    IF personnel AND counted * bottom < base * top THEN
        PERFORM refuse('taken_personnel_quorum', 'a personnel item is taken with its quorum');
    ELSIF NOT personnel AND (counted * bottom < base * top
            OR counted * bottom = base * top AND m.charter @> '{"quorum_strict": true}') THEN
        PERFORM refuse('taken_quorum', 'an item is taken with a quorum');
    END IF;
    IF i.in_charge_id <> ALL (here)
       AND coalesce(coalesce(i.deputy_in_charge_id, i.deputy_on_record_id) <> ALL (here), true) THEN
        PERFORM refuse('taken_in_charge', 'the member in charge, or their deputy, is there');
    END IF;
END $$;

CREATE FUNCTION votes_open_lawfully() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    PERFORM 1 FROM proceedings WHERE item_id = NEW.item_id FOR NO KEY UPDATE; -- no recusal meanwhile
    IF NEW.state <> 'open' OR NOT EXISTS (SELECT 1 FROM meetings m JOIN proceedings p ON p.meeting_id = m.id
            WHERE m.id = NEW.meeting_id AND m.state = 'in_session' AND p.item_id = NEW.item_id AND p.state = 'open')
       OR (SELECT array_agg(v ORDER BY v) FROM unnest(NEW.roll) AS v) IS DISTINCT FROM
          (SELECT array_agg(n ORDER BY n) FROM meetings m, unnest(m.formal_members) AS n
           WHERE m.id = NEW.meeting_id
             AND EXISTS (SELECT 1 FROM presence WHERE meeting_id = m.id AND person_id = n AND state = 'present')
             AND NOT EXISTS (SELECT 1 FROM recusals WHERE item_id = NEW.item_id AND person_id = n)) THEN
        PERFORM refuse('votes_roll', 'a vote opens in session on an open item, on all formal members there, not recused');
    END IF;
    IF NEW.form <> 'device' AND (SELECT charter @> jsonb_build_object(NEW.form || '_vote', false)
                                 FROM meetings WHERE id = NEW.meeting_id) THEN
        PERFORM refuse('votes_form', 'the charter does not allow a vote of this form');
    END IF;
    IF NEW.base <> (SELECT cardinality(formal_members) - CASE WHEN charter @> '{"recused_in_base": false}' THEN
            (SELECT count(*) FROM recusals WHERE item_id = NEW.item_id AND person_id = ANY (formal_members)) ELSE 0 END
            FROM meetings WHERE id = NEW.meeting_id) THEN
        PERFORM refuse('votes_base', 'the base is N, less the recused where the charter says so');
    END IF;
    PERFORM taken_lawfully(NEW.item_id);
    RETURN NEW;
END $$;
CREATE TRIGGER votes_open_lawfully BEFORE INSERT ON votes FOR EACH ROW EXECUTE FUNCTION votes_open_lawfully();

CREATE TABLE decisions (
    item_id    bigint PRIMARY KEY,
    meeting_id bigint NOT NULL,
    body_id    bigint NOT NULL,
    outcome    text NOT NULL CHECK (outcome IN ('passed', 'not_passed', 'amended', 'shelved', 'reconsidered')),
    reason     text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    text       text NOT NULL DEFAULT '' CHECK (length(text) <= 20000), -- the amended motion
    CONSTRAINT decisions_amended CHECK ((outcome = 'amended') = (text <> '')),
    FOREIGN KEY (item_id, meeting_id, body_id) REFERENCES items (id, meeting_id, body_id)
);

-- The majority decides, or by the body's kind the head; a decision that departs from the vote has a reason (Rules 6(6)).
CREATE FUNCTION decisions_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    vote_result text;
    head boolean;
BEGIN
    SELECT v.result, k.decides = 'head' INTO vote_result, head
      FROM votes v JOIN proceedings p ON p.item_id = v.item_id
      JOIN bodies b ON b.id = v.body_id JOIN kinds_of_body k ON k.kind = b.kind
     WHERE v.item_id = NEW.item_id AND v.state = 'closed' AND p.state = 'voted'
     ORDER BY v.round DESC LIMIT 1;
    IF vote_result IS NULL OR (NEW.outcome <> vote_result AND
            (btrim(NEW.reason) = '' OR (NEW.outcome IN ('passed', 'not_passed') AND NOT head))) THEN
        PERFORM refuse('decisions_follow', 'the decision does not follow from the vote');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decisions_follow BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION decisions_follow();

-- An item goes by its procedure too (a new notice lists every item anew), and its state is that of its votes and its
-- decision. After a vote the chair may return the item to discussion (再次讨论), to be voted again or to leave the
-- meeting; the round before stays as it was closed.
CREATE FUNCTION proceedings_go_on() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    meeting_state text;
    last_vote text := (SELECT state FROM votes WHERE item_id = NEW.item_id ORDER BY round DESC LIMIT 1);
BEGIN
    SELECT state INTO meeting_state FROM meetings WHERE id = NEW.meeting_id FOR SHARE;
    IF step_records(NEW.body_id, 'item', meeting_state, OLD.state, NEW.state) IS NULL
       OR coalesce(last_vote, 'void') <> ALL (CASE
            WHEN NEW.state = 'voting' THEN '{open}'::text[]
            WHEN NEW.state IN ('voted', 'decided') THEN '{closed}'
            WHEN OLD.state IN ('open', 'voted') THEN '{void,closed}' ELSE '{void}' END)
       OR (NEW.state = 'decided') <> EXISTS (SELECT 1 FROM decisions WHERE item_id = NEW.item_id) THEN
        PERFORM refuse('proceedings_state', 'an item does not come to this state from where it is');
    END IF;
    IF OLD.state = 'listed' AND NEW.state = 'open' THEN
        PERFORM taken_lawfully(NEW.item_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proceedings_go_on BEFORE UPDATE ON proceedings FOR EACH ROW EXECUTE FUNCTION proceedings_go_on();

-- The discussion is over when the vote opens or the item is off: then no contribution and no recusal is added.
-- The share lock makes it and the opening take turns.
CREATE FUNCTION discussion_open() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    PERFORM 1 FROM proceedings WHERE item_id = CASE TG_OP WHEN 'DELETE' THEN OLD.item_id ELSE NEW.item_id END
        AND state IN ('listed', 'open') FOR SHARE;
    IF NOT FOUND THEN
        PERFORM refuse('discussion_open', 'the item is not under discussion any more');
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER speeches_in_discussion BEFORE INSERT ON speeches
    FOR EACH ROW WHEN (NEW.corrects IS NULL) EXECUTE FUNCTION discussion_open();
CREATE TRIGGER positions_in_discussion BEFORE INSERT OR UPDATE ON positions
    FOR EACH ROW WHEN (NEW.corrects IS NULL) EXECUTE FUNCTION discussion_open();
-- A recusal is taken back until the vote opens, with its record.
CREATE TRIGGER recusals_in_discussion BEFORE INSERT OR DELETE ON recusals FOR EACH ROW EXECUTE FUNCTION discussion_open();
CREATE TRIGGER opinions_in_discussion BEFORE INSERT OR UPDATE OF choice, text, submitted_at, read_at
    ON written_opinions FOR EACH ROW EXECUTE FUNCTION discussion_open();

-- A written opinion is read, or void, as it was submitted; a later one in its place begins unread. One that was void
-- comes back as it was where the arrival that voided it was a mistake.
CREATE FUNCTION opinions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (CASE WHEN NEW.submitted_at <> OLD.submitted_at THEN num_nonnulls(NEW.read_at, NEW.void_at) > 0
            ELSE (NEW.choice, NEW.text) <> (OLD.choice, OLD.text) OR OLD.void_at IS NOT NULL
                      AND (NEW.void_at IS NOT NULL OR NEW.read_at IS DISTINCT FROM OLD.read_at)
                 OR NEW.read_at IS DISTINCT FROM OLD.read_at AND OLD.read_at IS NOT NULL END) THEN
        PERFORM yijue.refuse('opinions_stand', 'a written opinion stands as it was submitted');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER opinions_stand BEFORE UPDATE ON written_opinions FOR EACH ROW EXECUTE FUNCTION opinions_stand();

CALL keep_to_body('presence', 'hall_codes_used', 'speeches', 'positions', 'written_opinions', 'recusals', 'votes', 'ballots',
    'decisions');

-- A ballot is its member's own: the record's actor. The closed exception: in a vote by voice or show of hands it is taken
-- down under a kind of its own, and the record's actor is the recorder.
CREATE FUNCTION ballot_recorded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    -- Its record has the ballot's key, so that one look into an index finds it among many.
    IF NOT EXISTS (
            SELECT 1 FROM ledger l JOIN books k ON k.id = l.book_id JOIN votes v ON v.meeting_id = k.subject_id
            WHERE l.actor_id = NEW.person_id AND l.key = NEW.key AND l.kind = 'ballot.cast' AND v.id = NEW.vote_id
              AND k.subject_type = 'meeting' AND k.written_in = pg_current_xact_id() AND l.seq >= k.written_from
              AND convert_from(l.record, 'UTF8')::jsonb -> 'content' @> jsonb_build_object('vote', NEW.vote_id,
                  'person', NEW.person_id, 'choice', NEW.choice, 'version', NEW.version, 'key', NEW.key))
       AND NOT by_owner() THEN
        PERFORM refuse('recorded', 'INSERT of ballots has no record of a kind in {ballot.cast}');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER written_1 AFTER INSERT ON ballots DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.taken_by IS NULL) EXECUTE FUNCTION ballot_recorded();
CALL keep_record('ballots', 'INSERT', 'NEW.taken_by IS NOT NULL', 'meeting', 'meeting_id', '{ballot.taken}',
    'vote', 'vote_id', 'person', 'person_id', 'actor', 'taken_by', 'choice', 'choice', 'version', 'version',
    'key', 'key');
CREATE CONSTRAINT TRIGGER written AFTER INSERT OR UPDATE ON votes
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION steps_recorded('vote', 'in_session');
CALL keep_record('presence', 'INSERT OR UPDATE', 'NEW.state = ''present'' AND NEW.corrects IS NULL',
    'meeting', 'meeting_id', '{presence.arrived}', 'person', 'person_id');
CALL keep_record('hall_codes_used', 'INSERT', '', 'meeting', 'meeting_id', '{presence.arrived}',
    'person', 'person_id', 'actor', 'person_id');
CALL keep_record('presence', 'INSERT OR UPDATE', 'NEW.state = ''left'' AND NEW.corrects IS NULL',
    'meeting', 'meeting_id', '{presence.left}', 'person', 'person_id');
CALL keep_record('presence', 'INSERT OR UPDATE', 'NEW.state = ''on_leave'' AND NEW.corrects IS NULL',
    'meeting', 'meeting_id', '{leave.granted}', 'person', 'person_id');
CALL keep_record('presence', 'INSERT OR UPDATE', 'NEW.corrects IS NOT NULL', 'meeting', 'meeting_id',
    '{presence.corrected}', 'person', 'person_id', 'corrects', 'corrects', 'state', 'state');
CALL keep_record('speeches', 'INSERT', 'NEW.corrects IS NULL',
    'meeting', 'meeting_id', '{item.spoken}', 'item', 'item_id', 'person', 'person_id');
CALL keep_record('speeches', 'INSERT', 'NEW.corrects IS NOT NULL', 'meeting', 'meeting_id', '{speech.corrected}',
    'item', 'item_id', 'person', 'person_id', 'summary', 'summary', 'corrects', 'corrects', 'struck', 'struck');
CALL keep_record('positions', 'INSERT OR UPDATE', 'NEW.corrects IS NULL', 'meeting', 'meeting_id',
    '{position.voiced}', 'item', 'item_id', 'person', 'person_id', 'position', 'position');
CALL keep_record('positions', 'INSERT OR UPDATE', 'NEW.corrects IS NOT NULL', 'meeting', 'meeting_id',
    '{position.corrected}', 'item', 'item_id', 'person', 'person_id', 'position', 'position', 'corrects', 'corrects');
CALL keep_record('recusals', 'INSERT', '',
    'meeting', 'meeting_id', '{item.presented,recusal.declared}', 'item', 'item_id');
CALL keep_record('recusals', 'DELETE', '',
    'meeting', 'meeting_id', '{recusal.taken_back}', 'item', 'item_id', 'person', 'person_id');
CALL keep_record('written_opinions', 'INSERT OR UPDATE OF choice, text, submitted_at', '', 'meeting', 'meeting_id',
    '{opinion.submitted}', 'item', 'item_id', 'actor', 'person_id', 'choice', 'choice', 'text', 'text');
CALL keep_record('written_opinions', 'UPDATE', 'NEW.read_at <> OLD.read_at OR NEW.read_at IS NOT NULL AND OLD.read_at IS NULL',
    'meeting', 'meeting_id', '{opinion.read}', 'item', 'item_id', 'person', 'person_id');
CALL keep_record('written_opinions', 'UPDATE', 'NEW.void_at IS NOT NULL AND OLD.void_at IS NULL',
    'meeting', 'meeting_id', '{opinion.voided}', 'item', 'item_id', 'person', 'person_id');
CALL keep_record('written_opinions', 'UPDATE',
    'NEW.void_at IS NULL AND OLD.void_at IS NOT NULL AND NEW.submitted_at = OLD.submitted_at',
    'meeting', 'meeting_id', '{opinion.restored}', 'item', 'item_id', 'person', 'person_id');
CALL keep_record('decisions', 'INSERT', '',
    'meeting', 'meeting_id', '{decision.announced}', 'item', 'item_id', 'outcome', 'outcome', 'reason', 'reason',
    'text', 'text');

-- The beginning of every transaction in which ballots are cast, of those that wait at the same moment, in one round trip:
-- `enter_meeting` for many. Of each, by its place: `callers` as `authenticate` gives them, and whether their session is of
-- the meeting's body (JSON); the record that their command with this key wrote before. A meeting that none of them may see
-- is not locked.
CREATE FUNCTION enter_to_vote(p_meeting bigint, p_secrets bytea[], p_keys uuid[], p_after bigint, OUT meeting meetings,
                              OUT kind text, OUT rulebook text, OUT book bigint, OUT now timestamptz, OUT callers text,
                              OUT records bytea[], OUT hashes bytea[], OUT commands bytea[], OUT since bytea[])
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    people bigint[];
BEGIN
    SELECT json_agg(to_jsonb(a) || jsonb_build_object('sees', coalesce(m.body_id = ANY (p.bodies), false)) ORDER BY a.n),
           array_agg(a.person_id ORDER BY a.n) FILTER (WHERE m.body_id = ANY (p.bodies))
      INTO callers, people
      FROM authenticate(p_secrets) a LEFT JOIN proofs_of(p_secrets) p USING (n) LEFT JOIN meetings m ON m.id = p_meeting;
    IF people IS NULL THEN
        RETURN;
    END IF;
    SELECT m.* INTO meeting FROM meetings m WHERE m.id = p_meeting FOR NO KEY UPDATE;
    SELECT k.id, yijue_now(),
           ARRAY(SELECT s.record FROM ledger s WHERE s.book_id = k.id AND s.seq > p_after ORDER BY s.seq)
      INTO book, now, since FROM books k WHERE k.subject_type = 'meeting' AND k.subject_id = p_meeting;
    SELECT array_agg(l.record ORDER BY u.n), array_agg(l.hash ORDER BY u.n), array_agg(l.command ORDER BY u.n)
      INTO records, hashes, commands
      FROM unnest(p_keys) WITH ORDINALITY AS u (key, n) LEFT JOIN json_to_recordset(callers::json) AS c (n bigint, person_id bigint)
           USING (n) LEFT JOIN ledger l ON l.actor_id = c.person_id AND l.key = u.key;
    SELECT b.kind, CASE WHEN meeting.charter IS NULL THEN b.rulebook END, coalesce(meeting.charter, b.charter)
    INTO kind, rulebook, meeting.charter FROM bodies b WHERE b.id = meeting.body_id;
END $$;

-- Ballots and their records, in the order of the arrays: the secret of each one's session, the record's content, and the
-- command's digest. Each row proves its own session; the ballot's row is made from its record.
CREATE FUNCTION cast_ballots(p_meeting bigint, p_secrets bytea[], p_contents text[], p_commands bytea[])
    RETURNS TABLE (r_record bytea, r_hash bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    book books;
    people bigint[];
    keys uuid[] := ARRAY(SELECT (content::jsonb ->> 'key')::uuid FROM unnest(p_contents) AS u (content));
    written bytea[];
    hashes bytea[];
    written_at timestamptz;
BEGIN
    SELECT * INTO book FROM books WHERE subject_type = 'meeting' AND subject_id = p_meeting;
    people := ARRAY(SELECT person FROM proofs_of(p_secrets) WHERE book.body_id = ANY (bodies) ORDER BY n);
    IF cardinality(people) <> cardinality(p_contents) THEN
        PERFORM refuse('session_proved', 'each ballot is cast in a session of its member''s');
    END IF;
    SELECT array_agg(w.r_record ORDER BY w.r_seq), array_agg(w.r_hash ORDER BY w.r_seq), min(w.r_at)
      INTO written, hashes, written_at FROM ledger_write(book.id, people, 'ballot.cast', p_contents, keys, 1, p_commands) w;
    INSERT INTO ballots (vote_id, person_id, version, body_id, choice, key, replaces, at)
    SELECT (c ->> 'vote')::bigint, person, (c ->> 'version')::integer, book.body_id, c ->> 'choice', key,
           (c ->> 'replaces')::uuid, written_at
      FROM unnest(people, p_contents::jsonb[], keys) AS u (person, c, key);
    RETURN QUERY SELECT * FROM unnest(written, hashes);
END $$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA yijue FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE (state, method, reason, at, corrects) ON presence TO yijue_app;
GRANT SELECT, INSERT (meeting_id, person_id, body_id, minute) ON hall_codes_used TO yijue_app;
GRANT SELECT, INSERT ON speeches, ballots, decisions TO yijue_app;
GRANT SELECT, INSERT, DELETE ON recusals TO yijue_app;
GRANT SELECT, INSERT, UPDATE (position, corrects) ON positions TO yijue_app;
GRANT SELECT, INSERT, UPDATE (choice, text, submitted_at, read_at, void_at) ON written_opinions TO yijue_app;
GRANT SELECT, INSERT ON votes TO yijue_app;
GRANT UPDATE (state, closed_at, yes, no, abstain, defer, not_voted, result) ON votes TO yijue_app;
GRANT EXECUTE ON FUNCTION enter_to_vote(bigint, bytea[], uuid[], bigint), cast_ballots(bigint, bytea[], text[], bytea[]) TO yijue_app;
