-- Meetings, items, papers, notices. Giving notice seals items and papers; the proceedings beside them go on.
SET LOCAL search_path = yijue;

-- The steps of each procedure; a body's kind has its procedure (kinds_of_body). `during` is the state of the meeting
-- where a step depends on it; '' is the state of a subject that is not there yet. A record of a kind in `records`
-- stands for each step. The same table stands in acts/procedures.py.
CREATE TABLE procedures (
    procedure  text NOT NULL,
    subject    text NOT NULL CHECK (subject IN ('meeting', 'item', 'vote', 'minutes')),
    during     text NOT NULL,
    from_state text NOT NULL,
    to_state   text NOT NULL,
    records    text[] NOT NULL,
    PRIMARY KEY (procedure, subject, during, from_state, to_state)
);
INSERT INTO procedures
SELECT procedure, step.* FROM unnest('{committee,executive,branch}'::text[]) AS procedure, (VALUES
    ('meeting', '', '', 'draft', '{meeting.created}'::text[]),
    ('meeting', '', 'draft', 'draft',
        '{meeting.changed,meeting.presiding,agenda.submitted,agenda.approved,agenda.sent_back}'),
    ('meeting', '', 'draft', 'cancelled', '{meeting.cancelled}'),
    ('meeting', '', 'draft', 'noticed', '{notice.given}'),
    ('meeting', '', 'noticed', 'noticed', '{meeting.presiding,notice.changed}'),
    ('meeting', '', 'noticed', 'draft', '{notice.withdrawn}'),
    ('meeting', '', 'noticed', 'in_session', '{meeting.called}'),
    ('meeting', '', 'in_session', 'in_session', '{chair.handed}'),
    ('meeting', '', 'in_session', 'adjourned', '{meeting.adjourned}'),
    ('item', 'draft', 'withdrawn', 'listed', '{notice.given}'),
    ('item', 'draft', 'deferred', 'listed', '{notice.given}'),
    ('item', 'noticed', 'listed', 'withdrawn', '{item.withdrawn}'),
    ('item', 'noticed', 'listed', 'deferred', '{item.deferred}'),
    ('item', 'in_session', 'listed', 'open', '{item.presented}'),
    ('item', 'in_session', 'listed', 'withdrawn', '{item.withdrawn}'),
    ('item', 'in_session', 'listed', 'deferred', '{item.deferred}'),
    ('item', 'in_session', 'open', 'open', '{discussion.closed}'),
    ('item', 'in_session', 'open', 'voting', '{vote.opened}'),
    ('item', 'in_session', 'open', 'put_off', '{item.put_off}'),
    ('item', 'in_session', 'open', 'withdrawn', '{item.withdrawn}'),
    ('item', 'in_session', 'open', 'deferred', '{item.deferred}'),
    ('item', 'in_session', 'voting', 'voted', '{vote.closed}'),
    ('item', 'in_session', 'voting', 'open', '{vote.voided}'),
    ('item', 'in_session', 'voted', 'open', '{item.reopened}'),
    ('item', 'in_session', 'voted', 'decided', '{decision.announced}'),
    ('vote', 'in_session', '', 'open', '{vote.opened}'),
    ('vote', 'in_session', 'open', 'closed', '{vote.closed}'),
    ('vote', 'in_session', 'open', 'void', '{vote.voided}'),
    ('minutes', 'adjourned', '', 'draft', '{minutes.drafted}'),
    ('minutes', 'adjourned', 'draft', 'draft', '{minutes.edited,minutes.sent_back}'),
    ('minutes', 'adjourned', 'signed', 'issued', '{minutes.issued}'),
    ('minutes', 'adjourned', 'signed', 'draft', '{minutes.sent_back}'),
    ('minutes', 'adjourned', 'issued', 'issued', '{minutes.drawn,minutes.distributed,minutes.received}'),
    ('minutes', 'adjourned', 'issued', 'voided', '{minutes.voided}'),
    ('minutes', 'adjourned', 'voided', 'voided', '{minutes.drawn,minutes.received,minutes.void_seen}')
) AS step;
-- Office head and deputy in charge review the minutes before the head signs (Working 21); in a branch the head alone.
INSERT INTO procedures
SELECT procedure, step.* FROM unnest('{committee,executive}'::text[]) AS procedure, (VALUES
    ('minutes', 'adjourned', 'draft', 'office_reviewed', '{minutes.reviewed}'::text[]),
    ('minutes', 'adjourned', 'office_reviewed', 'deputy_reviewed', '{minutes.reviewed}'),
    ('minutes', 'adjourned', 'office_reviewed', 'draft', '{minutes.sent_back}'),
    ('minutes', 'adjourned', 'deputy_reviewed', 'signed', '{minutes.signed}'),
    ('minutes', 'adjourned', 'deputy_reviewed', 'draft', '{minutes.sent_back}')
) AS step
UNION ALL SELECT 'branch', 'minutes', 'adjourned', 'draft', 'signed', '{minutes.signed}';

-- The kinds of record that stand for a step of a body's procedure; null where the procedure has no such step.
CREATE FUNCTION step_records(p_body bigint, p_subject text, p_during text, p_from text, p_to text) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
    SELECT p.records FROM bodies b JOIN kinds_of_body k ON k.kind = b.kind JOIN procedures p ON p.procedure = k.procedure
    WHERE b.id = p_body AND (p.subject, p.during, p.from_state, p.to_state) = (p_subject, p_during, p_from, p_to)
$$;

CREATE TABLE meetings (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body_id        bigint NOT NULL REFERENCES bodies,
    title          text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    starts_at      timestamptz NOT NULL,
    place          text NOT NULL DEFAULT '' CHECK (length(place) <= 200),
    state          text NOT NULL DEFAULT 'draft' CHECK (state IN
                       ('draft', 'noticed', 'in_session', 'adjourned', 'cancelled')),
    presiding_id   bigint NOT NULL REFERENCES people,
    acting_id      bigint REFERENCES people, -- the person handed the chair, while the meeting sits
    secretary_id   bigint NOT NULL REFERENCES people,
    agenda         text NOT NULL DEFAULT 'open' CHECK (agenda IN ('open', 'submitted', 'approved', 'returned')),
    approved_by    bigint REFERENCES people,
    charter        jsonb,
    hall_secret    text NOT NULL,
    year           integer,
    ordinal        integer,
    formal_members bigint[],
    called_at      timestamptz,
    adjourned_at   timestamptz,
    CONSTRAINT meetings_of_body UNIQUE (id, body_id),
    CONSTRAINT meetings_approved CHECK ((agenda = 'approved') = (approved_by IS NOT NULL)),
    CONSTRAINT meetings_acting CHECK (acting_id IS NULL
        OR (state = 'in_session' AND acting_id <> presiding_id AND acting_id = ANY (formal_members))),
    CONSTRAINT meetings_ordinal UNIQUE (body_id, year, ordinal),
    CONSTRAINT meetings_charter CHECK ((state IN ('draft', 'cancelled')) = (charter IS NULL)),
    CONSTRAINT meetings_called CHECK (
        num_nulls(called_at, formal_members, ordinal, year) =
            CASE WHEN state IN ('in_session', 'adjourned') THEN 0 ELSE 4 END
        AND cardinality(formal_members) >= 1 AND ordinal >= 1),
    CONSTRAINT meetings_adjourned CHECK ((state = 'adjourned') = (adjourned_at IS NOT NULL))
);
CREATE INDEX meetings_sitting ON meetings (body_id) WHERE state = 'in_session'; -- asked at every request
CREATE TRIGGER meetings_book AFTER INSERT ON meetings FOR EACH ROW EXECUTE FUNCTION open_book('meeting');

-- The numbers that a body had reached before it began here in midyear: of its meetings (series ''), and of its minutes
-- by series. Each is entered once, before the first one of that year is allotted; the body's row makes both take turns.
CREATE TABLE reached_numbers (
    body_id    bigint NOT NULL REFERENCES bodies,
    series     text NOT NULL CHECK (length(series) <= 100),
    year       integer NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    reached    integer NOT NULL CHECK (reached BETWEEN 1 AND 9999),
    entered_by bigint NOT NULL REFERENCES people,
    CONSTRAINT reached_once PRIMARY KEY (body_id, series, year)
);
CREATE FUNCTION reached_before_meetings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    PERFORM 1 FROM bodies WHERE id = NEW.body_id FOR NO KEY UPDATE;
    IF NEW.series = '' AND EXISTS (SELECT 1 FROM meetings WHERE body_id = NEW.body_id AND year = NEW.year) THEN
        PERFORM refuse('numbers_begun', 'the first number of the year is allotted');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reached_before_meetings BEFORE INSERT ON reached_numbers
    FOR EACH ROW EXECUTE FUNCTION reached_before_meetings();
CALL keep_record('reached_numbers', 'INSERT', '', 'body', 'body_id', '{number.reached}',
    'series', 'series', 'year', 'year', 'reached', 'reached', 'actor', 'entered_by');

CREATE TABLE items (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    meeting_id           bigint NOT NULL,
    body_id              bigint NOT NULL,
    position             integer NOT NULL CHECK (position >= 1),
    title                text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    motion               text NOT NULL DEFAULT '' CHECK (length(motion) <= 20000),
    category             text NOT NULL CHECK (category IN ('major', 'personnel', 'project', 'funds', 'other')),
    in_charge_id         bigint REFERENCES people,
    deputy_in_charge_id  bigint REFERENCES people,
    deputy_on_record_id  bigint REFERENCES people, -- the B角 of the member in charge, as the notice found it
    subjects             bigint[] NOT NULL DEFAULT '{}',
    confidential         boolean NOT NULL DEFAULT false,
    attendees            bigint[] NOT NULL DEFAULT '{}', -- named to attend for it (列席)
    materials_complete   boolean NOT NULL DEFAULT false,
    carries_out          bigint REFERENCES items, -- the item of a Party committee that decided what this carries out,
    carried              jsonb, -- as its minutes named it then; filled in by items_carry_out (0005)
    to_committee         boolean NOT NULL DEFAULT false, -- a catalogue matter that names no such decision
    CONSTRAINT items_carried CHECK ((carries_out IS NULL) = (carried IS NULL) AND NOT (to_committee AND carries_out IS NOT NULL)),
    CONSTRAINT items_of_meeting UNIQUE (id, meeting_id, body_id),
    CONSTRAINT items_position UNIQUE (meeting_id, position) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (meeting_id, body_id) REFERENCES meetings (id, body_id)
);

CREATE TABLE papers (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id     bigint NOT NULL,
    meeting_id  bigint NOT NULL,
    body_id     bigint NOT NULL,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    media_type  text NOT NULL,
    size        bigint NOT NULL,
    sha256      bytea NOT NULL,
    content     bytea NOT NULL,
    state       text NOT NULL DEFAULT 'kept' CHECK (state IN ('checking', 'kept', 'infected')), -- for viruses
    found       text NOT NULL DEFAULT '' CHECK (length(found) <= 80),
    CONSTRAINT papers_found CHECK ((state = 'infected') = (found <> '')),
    CONSTRAINT papers_hash CHECK (CASE state WHEN 'infected' THEN content = ''
        ELSE sha256(content) = sha256 AND octet_length(content) = size END),
    CONSTRAINT papers_once UNIQUE (item_id, sha256),
    FOREIGN KEY (item_id, meeting_id, body_id) REFERENCES items (id, meeting_id, body_id)
);

CREATE TABLE proceedings (
    item_id      bigint PRIMARY KEY,
    meeting_id   bigint NOT NULL,
    body_id      bigint NOT NULL,
    state        text NOT NULL DEFAULT 'listed' CHECK (state IN
                     ('listed', 'open', 'voting', 'voted', 'decided', 'put_off', 'withdrawn', 'deferred')),
    presenter_id bigint REFERENCES people,
    discussed    boolean NOT NULL DEFAULT false,
    reason       text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    CONSTRAINT proceedings_reason CHECK (state NOT IN ('put_off', 'withdrawn', 'deferred') OR reason <> ''),
    FOREIGN KEY (item_id, meeting_id, body_id) REFERENCES items (id, meeting_id, body_id) ON DELETE CASCADE
);
-- One item is before the meeting at a time.
CREATE UNIQUE INDEX proceedings_one_open ON proceedings (meeting_id) WHERE state IN ('open', 'voting', 'voted');

CREATE TABLE notices (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    meeting_id   bigint NOT NULL,
    body_id      bigint NOT NULL,
    given_at     timestamptz NOT NULL,
    given_by     bigint NOT NULL REFERENCES people,
    agenda_hash  bytea NOT NULL,
    withdrawn_at timestamptz,
    reason       text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    CONSTRAINT notices_of_body UNIQUE (id, body_id),
    CONSTRAINT notices_reason CHECK (withdrawn_at IS NULL OR reason <> ''),
    FOREIGN KEY (meeting_id, body_id) REFERENCES meetings (id, body_id)
);
CREATE UNIQUE INDEX notices_one_active ON notices (meeting_id) WHERE withdrawn_at IS NULL;

-- After notice the place may change and the start move later; a row here changes the meeting, and nothing else does.
CREATE TABLE notice_changes (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    notice_id     bigint NOT NULL,
    meeting_id    bigint NOT NULL,
    body_id       bigint NOT NULL,
    at            timestamptz NOT NULL,
    changed_by    bigint NOT NULL REFERENCES people,
    starts_before timestamptz NOT NULL,
    starts_at     timestamptz NOT NULL,
    place_before  text NOT NULL,
    place         text NOT NULL CHECK (length(place) <= 200),
    reason        text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    CONSTRAINT notice_changes_something CHECK ((starts_at, place) <> (starts_before, place_before)),
    CONSTRAINT notice_changes_later CHECK (starts_at >= starts_before),
    FOREIGN KEY (notice_id, body_id) REFERENCES notices (id, body_id),
    FOREIGN KEY (meeting_id, body_id) REFERENCES meetings (id, body_id)
);

CREATE TABLE deliveries (
    notice_id       bigint NOT NULL,
    change_id       bigint NOT NULL DEFAULT 0, -- of that change of the notice; 0: of the notice itself
    person_id       bigint NOT NULL REFERENCES people,
    body_id         bigint NOT NULL,
    method          text NOT NULL CHECK (method IN ('in_person', 'phone', 'electronic')),
    delivered_at    timestamptz NOT NULL,
    recorded_by     bigint NOT NULL REFERENCES people,
    acknowledged_at timestamptz CHECK (acknowledged_at >= delivered_at),
    corrects        bigint, -- the seq of the record whose way of delivery was put right
    PRIMARY KEY (notice_id, change_id, person_id),
    FOREIGN KEY (notice_id, body_id) REFERENCES notices (id, body_id)
);

-- Items and papers stand as the notice gave them. The share lock makes a change and the giving of notice
-- take turns: the second sees what the first did.
CREATE FUNCTION agenda_sealed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    meeting bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.meeting_id ELSE NEW.meeting_id END;
    meeting_state text;
BEGIN
    SELECT state INTO meeting_state FROM meetings WHERE id = meeting FOR SHARE;
    IF meeting_state = 'cancelled' THEN
        PERFORM refuse('meetings_cancelled', 'the meeting is cancelled');
    ELSIF meeting_state <> 'draft' THEN
        PERFORM refuse('agenda_sealed', 'notice was given: the agenda is sealed');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.meeting_id <> OLD.meeting_id THEN
        PERFORM refuse('agenda_sealed', 'an item does not change its meeting');
    END IF;
    -- Another agenda than the head approved. The deputy on record, and the number under which the carried decision
    -- stands, are what the notice finds, as it is given.
    IF TG_TABLE_NAME = 'items' AND (TG_OP <> 'UPDATE'
            OR to_jsonb(NEW) - '{materials_complete,deputy_on_record_id,carried}'::text[] IS DISTINCT FROM
               to_jsonb(OLD) - '{materials_complete,deputy_on_record_id,carried}'::text[]) THEN
        UPDATE meetings SET agenda = 'open', approved_by = NULL WHERE id = meeting AND agenda <> 'open';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER items_sealed BEFORE INSERT OR UPDATE OR DELETE ON items
    FOR EACH ROW EXECUTE FUNCTION agenda_sealed();
CREATE TRIGGER papers_sealed BEFORE INSERT OR UPDATE OR DELETE ON papers
    FOR EACH ROW EXECUTE FUNCTION agenda_sealed();

-- Personnel papers are of kinds that the page draws: read in the meeting and withdrawn, never downloaded.
CREATE FUNCTION papers_drawn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM items i JOIN papers p ON p.item_id = i.id WHERE i.id = NEW.id AND i.category = 'personnel'
            AND p.media_type <> ALL ('{application/pdf,image/png,image/jpeg}')) THEN
        PERFORM refuse('papers_drawn', 'personnel papers are PDF, PNG or JPEG');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER papers_drawn AFTER UPDATE OF category ON items FOR EACH ROW EXECUTE FUNCTION papers_drawn();
CREATE FUNCTION paper_drawn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF NEW.media_type <> ALL ('{application/pdf,image/png,image/jpeg}')
       AND (SELECT category FROM items WHERE id = NEW.item_id FOR SHARE) = 'personnel' THEN
        PERFORM refuse('papers_drawn', 'personnel papers are PDF, PNG or JPEG');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER paper_drawn BEFORE INSERT ON papers FOR EACH ROW EXECUTE FUNCTION paper_drawn();

-- The virus scanner has let through every paper of what is complete, and of what the notice gives out.
CREATE FUNCTION papers_checked() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM papers WHERE state <> 'kept' AND CASE TG_TABLE_NAME WHEN 'items'
            THEN item_id = (to_jsonb(NEW) ->> 'id')::bigint ELSE meeting_id = NEW.meeting_id END) THEN
        PERFORM refuse('papers_checked', 'a paper is not let through by the virus scanner');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER papers_checked AFTER UPDATE OF materials_complete ON items
    FOR EACH ROW WHEN (NEW.materials_complete AND NOT OLD.materials_complete) EXECUTE FUNCTION papers_checked();
CREATE TRIGGER papers_checked AFTER INSERT ON notices FOR EACH ROW EXECUTE FUNCTION papers_checked();

CREATE FUNCTION items_proceed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    INSERT INTO proceedings (item_id, meeting_id, body_id) VALUES (NEW.id, NEW.meeting_id, NEW.body_id);
    RETURN NULL;
END $$;
CREATE TRIGGER items_proceed AFTER INSERT ON items FOR EACH ROW EXECUTE FUNCTION items_proceed();

-- A meeting goes by its procedure; only withdrawing the notice leads back to the draft. N is the formal members as they
-- stand at the call to order; it and the number, once set, stay. Adjourned is the end, of every item too.
CREATE FUNCTION meetings_go_on() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    noticed boolean := EXISTS (SELECT 1 FROM notices WHERE meeting_id = NEW.id AND withdrawn_at IS NULL);
BEGIN
    IF OLD.state = 'cancelled' THEN
        PERFORM refuse('meetings_cancelled', 'the meeting is cancelled');
    END IF;
    IF step_records(NEW.body_id, 'meeting', '', OLD.state, NEW.state) IS NULL THEN
        PERFORM refuse('meetings_state', 'a meeting does not come to this state from where it is');
    END IF;
    IF (NEW.state IN ('draft', 'cancelled')) = noticed THEN
        PERFORM refuse('meetings_noticed', 'a meeting is noticed while a notice stands');
    END IF;
    IF NEW.state = 'draft' AND (OLD.state <> 'draft' OR (NEW.title, NEW.starts_at) <> (OLD.title, OLD.starts_at)) THEN
        NEW.agenda := 'open';
        NEW.approved_by := NULL;
    END IF;
    IF NEW.approved_by IS DISTINCT FROM OLD.approved_by AND NEW.approved_by IS NOT NULL AND (OLD.agenda <> 'submitted'
            OR NOT EXISTS (SELECT 1 FROM grants WHERE body_id = NEW.body_id AND person_id = NEW.approved_by
                           AND role IN ('head', 'acting_head') AND held(ends_on))) THEN
        PERFORM refuse('agenda_approved', 'the head approves the agenda that was submitted');
    END IF;
    IF NEW.state <> 'draft' AND ((OLD.state = 'draft' AND NEW.state <> 'cancelled' AND OLD.agenda <> 'approved')
            OR (NEW.agenda, NEW.approved_by) IS DISTINCT FROM (OLD.agenda, OLD.approved_by)) THEN
        PERFORM refuse('agenda_approved', 'notice is given of an approved agenda');
    END IF;
    IF NEW.state <> 'draft' AND (OLD.state <> 'draft' OR NEW.state = 'cancelled') AND
       (NEW.title, NEW.starts_at, NEW.place, NEW.charter) IS DISTINCT FROM
       (OLD.title, OLD.starts_at, OLD.place, OLD.charter) AND NOT coalesce((NEW.title, NEW.charter) = (OLD.title, OLD.charter)
       AND OLD.state = 'noticed' AND NEW.state = 'noticed' AND EXISTS (SELECT 1 FROM notice_changes c JOIN notices n
           ON n.id = c.notice_id AND n.withdrawn_at IS NULL WHERE c.meeting_id = NEW.id
           AND (c.starts_before, c.place_before, c.starts_at, c.place) = (OLD.starts_at, OLD.place, NEW.starts_at, NEW.place)
           AND c.id = (SELECT max(id) FROM notice_changes WHERE meeting_id = NEW.id)), false) THEN
        PERFORM refuse('agenda_sealed', 'notice was given: the meeting stands as it says');
    END IF;
    IF OLD.called_at IS NOT NULL AND (NEW.called_at, NEW.year, NEW.ordinal, NEW.formal_members, NEW.presiding_id)
       IS DISTINCT FROM (OLD.called_at, OLD.year, OLD.ordinal, OLD.formal_members, OLD.presiding_id) THEN
        PERFORM refuse('meetings_called', 'N and the number were taken when the meeting was called to order');
    END IF;
    IF OLD.called_at IS NULL AND NEW.called_at IS NOT NULL AND
       (SELECT array_agg(m ORDER BY m) FROM unnest(NEW.formal_members) AS m) IS DISTINCT FROM
       (SELECT array_agg(person_id ORDER BY person_id) FROM grants
         WHERE body_id = NEW.body_id AND role = 'member' AND held(ends_on)) THEN
        PERFORM refuse('meetings_members', 'N is the formal members as they stand');
    END IF;
    IF OLD.called_at IS NULL AND NEW.called_at IS NOT NULL AND NEW.ordinal <> 1 + coalesce(
            (SELECT max(ordinal) FROM meetings WHERE body_id = NEW.body_id AND year = NEW.year),
            (SELECT reached FROM reached_numbers WHERE body_id = NEW.body_id AND series = '' AND year = NEW.year), 0) THEN
        PERFORM refuse('meetings_ordinal', 'the meetings of a year are numbered one by one');
    END IF;
    -- Called to order when it is, on the meeting's day, at most an hour before its time.
    IF OLD.called_at IS NULL AND NEW.called_at IS NOT NULL AND (NEW.called_at > yijue_now()
            OR NEW.called_at < NEW.starts_at - interval '1 hour'
            OR (NEW.called_at AT TIME ZONE 'Asia/Shanghai')::date <> (NEW.starts_at AT TIME ZONE 'Asia/Shanghai')::date) THEN
        PERFORM refuse('meetings_early', 'a meeting is called to order on its day, at most an hour early');
    END IF;
    IF NEW.state = 'adjourned' AND EXISTS (SELECT 1 FROM proceedings WHERE meeting_id = NEW.id
            AND state IN ('listed', 'open', 'voting', 'voted')) THEN
        PERFORM refuse('meetings_finished', 'an item is not finished');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meetings_go_on BEFORE UPDATE ON meetings FOR EACH ROW EXECUTE FUNCTION meetings_go_on();

-- Nobody comes to a cancelled meeting, nor is excused from it.
CREATE FUNCTION not_cancelled() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM meetings WHERE id = NEW.meeting_id AND state = 'cancelled') THEN
        PERFORM refuse('meetings_cancelled', 'the meeting is cancelled');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION notices_stand() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR (NEW.id, NEW.meeting_id, NEW.body_id, NEW.given_at, NEW.given_by,
            NEW.agenda_hash) IS DISTINCT FROM
       (OLD.id, OLD.meeting_id, OLD.body_id, OLD.given_at, OLD.given_by, OLD.agenda_hash) THEN
        PERFORM yijue.refuse('notices_stand', 'a notice can only be withdrawn, once');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notices_stand BEFORE UPDATE ON notices FOR EACH ROW EXECUTE FUNCTION notices_stand();

CREATE FUNCTION notice_changes_stand() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND TG_WHEN = 'AFTER' THEN
        UPDATE meetings SET starts_at = NEW.starts_at, place = NEW.place WHERE id = NEW.meeting_id;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' OR NEW.at > yijue_now() OR (NEW.starts_at <> NEW.starts_before AND NEW.starts_at <= NEW.at)
       OR NOT EXISTS (SELECT 1 FROM meetings m JOIN notices n ON n.meeting_id = m.id AND n.withdrawn_at IS NULL
           WHERE m.id = NEW.meeting_id AND n.id = NEW.notice_id AND m.state = 'noticed'
           AND (m.starts_at, m.place) = (NEW.starts_before, NEW.place_before)) THEN
        PERFORM refuse('notice_changes_stand', 'a change is of a meeting under notice, from what stands to a time to come');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notice_changes_stand BEFORE INSERT OR UPDATE OR DELETE ON notice_changes
    FOR EACH ROW EXECUTE FUNCTION notice_changes_stand();
CREATE TRIGGER notice_changes_made AFTER INSERT ON notice_changes
    FOR EACH ROW EXECUTE FUNCTION notice_changes_stand();

-- At commit a meeting past its draft has a standing notice, and a draft has none.
CREATE FUNCTION notices_used() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF (SELECT state IN ('draft', 'cancelled') FROM meetings WHERE id = NEW.meeting_id) =
       EXISTS (SELECT 1 FROM notices WHERE meeting_id = NEW.meeting_id AND withdrawn_at IS NULL) THEN
        PERFORM refuse('meetings_noticed', 'a meeting is noticed while a notice stands');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER notices_used AFTER INSERT OR UPDATE ON notices
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION notices_used();

-- A delivery is of a standing notice, neither before it was given nor in the future: the lead time depends on it.
CREATE FUNCTION deliveries_stand() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM notices n LEFT JOIN notice_changes c
            ON (c.notice_id, c.id) = (n.id, NEW.change_id) WHERE n.id = NEW.notice_id AND n.withdrawn_at IS NULL
            AND (NEW.change_id = 0 OR c.id IS NOT NULL)
            AND NEW.delivered_at BETWEEN coalesce(c.at, n.given_at) AND yijue_now()) THEN
        PERFORM refuse('deliveries_time', 'a delivery is of a standing notice, when it happened');
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.acknowledged_at > yijue_now() OR
            NEW.acknowledged_at IS DISTINCT FROM OLD.acknowledged_at
                AND (OLD.acknowledged_at IS NOT NULL OR NEW.method <> OLD.method) OR
            NEW.method <> OLD.method AND NEW.corrects IS NULL OR
            (NEW.notice_id, NEW.change_id, NEW.person_id, NEW.delivered_at, NEW.recorded_by) IS DISTINCT FROM
            (OLD.notice_id, OLD.change_id, OLD.person_id, OLD.delivered_at, OLD.recorded_by))
       OR TG_OP = 'DELETE' AND OLD.acknowledged_at IS NOT NULL THEN
        PERFORM refuse('deliveries_stand', 'a delivery is acknowledged once, and put right by its correction alone');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER deliveries_stand BEFORE INSERT OR UPDATE OR DELETE ON deliveries
    FOR EACH ROW EXECUTE FUNCTION deliveries_stand();

-- At the transaction's end a step of a procedure has its record, and so has a change of chair, title, time or place.
CREATE FUNCTION steps_recorded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    kinds text[];
    before text := CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.state END;
    told boolean;
BEGIN
    IF TG_ARGV[0] = 'meeting' THEN
        kinds := step_records(NEW.body_id, 'meeting', '', before, NEW.state);
        IF before <> NEW.state THEN
            told := is_recorded('meeting', NEW.id, kinds, '{}', '{}');
        ELSE
            told := num_nonnulls(
                CASE WHEN NEW.acting_id IS DISTINCT FROM OLD.acting_id AND NOT ('chair.handed' = ANY (kinds)
                     AND is_recorded('meeting', NEW.id, '{chair.handed}', '{person}',
                        ARRAY[coalesce(NEW.acting_id, NEW.presiding_id)::text])) THEN 1 END,
                CASE WHEN NEW.presiding_id <> OLD.presiding_id AND NOT is_recorded('meeting', NEW.id,
                     '{meeting.presiding}', '{person}', ARRAY[NEW.presiding_id::text]) THEN 1 END,
                CASE WHEN NEW.agenda <> OLD.agenda AND NEW.agenda <> 'open' AND NOT is_recorded('meeting', NEW.id,
                     CASE NEW.agenda WHEN 'submitted' THEN '{agenda.submitted}'::text[] WHEN 'approved'
                     THEN '{agenda.approved}' ELSE '{agenda.sent_back}' END, '{actor}',
                     ARRAY[coalesce(NEW.approved_by, proved_person())::text]) THEN 1 END,
                CASE WHEN NEW.state = 'draft' AND (NEW.title, NEW.starts_at, NEW.place) <> (OLD.title, OLD.starts_at, OLD.place)
                     AND NOT is_recorded('meeting', NEW.id, '{meeting.changed}', '{title,place}',
                        ARRAY[NEW.title, NEW.place]) THEN 1 END,
                CASE WHEN NEW.state <> 'draft' AND (NEW.starts_at, NEW.place) <> (OLD.starts_at, OLD.place)
                     AND NOT is_recorded('meeting', NEW.id, '{notice.changed}', '{place}', ARRAY[NEW.place]) THEN 1 END) = 0;
        END IF;
        IF told AND before <> NEW.state AND NEW.presiding_id <> OLD.presiding_id THEN
            told := is_recorded('meeting', NEW.id, '{meeting.presiding}', '{person}', ARRAY[NEW.presiding_id::text]);
        END IF;
    ELSIF TG_ARGV[0] = 'item' THEN
        SELECT step_records(NEW.body_id, 'item', m.state, before, NEW.state) INTO kinds
          FROM meetings m WHERE m.id = NEW.meeting_id;
        kinds := coalesce(kinds, '{notice.given}'); -- in the transaction that gave notice the meeting is noticed by now
        told := is_recorded('meeting', NEW.meeting_id, kinds, CASE WHEN kinds = '{notice.given}' THEN '{}'::text[]
            ELSE '{item}' END, CASE WHEN kinds = '{notice.given}' THEN '{}' ELSE ARRAY[NEW.item_id::text] END);
    ELSE -- vote, minutes: named by their id
        kinds := step_records(NEW.body_id, TG_ARGV[0], TG_ARGV[1], before, NEW.state);
        told := is_recorded('meeting', NEW.meeting_id, kinds, ARRAY[TG_ARGV[0]], ARRAY[NEW.id::text]);
    END IF;
    IF NOT coalesce(told, false) AND NOT by_owner() THEN
        PERFORM refuse('recorded', format('%s: no record of a kind in %s', TG_TABLE_NAME, kinds));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER written AFTER INSERT OR UPDATE ON meetings
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION steps_recorded('meeting');
CREATE CONSTRAINT TRIGGER written AFTER UPDATE ON proceedings
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION steps_recorded('item');
CALL keep_record('items', 'INSERT', '', 'meeting', 'meeting_id', '{item.added}', 'item.id', 'id');
CALL keep_record('items', 'UPDATE', '', 'meeting', 'meeting_id',
    '{item.changed,item.moved,item.removed,materials.checked,notice.given,paper.infected}');
CALL keep_record('items', 'DELETE', '', 'meeting', 'meeting_id', '{item.removed}', 'item', 'id');
CALL keep_record('papers', 'INSERT', '', 'meeting', 'meeting_id', '{paper.added}');
CALL keep_record('papers', 'UPDATE', '', 'meeting', 'meeting_id', '{paper.cleared,paper.infected}');
CALL keep_record('papers', 'DELETE', '', 'meeting', 'meeting_id', '{paper.removed,item.removed}');
CALL keep_record('notices', 'INSERT', '',
    'meeting', 'meeting_id', '{notice.given}', 'notice', 'id', 'actor', 'given_by');
CALL keep_record('notices', 'UPDATE', '', 'meeting', 'meeting_id', '{notice.withdrawn}', 'notice', 'id');
CALL keep_record('notice_changes', 'INSERT', '', 'meeting', 'meeting_id', '{notice.changed}', 'notice', 'notice_id',
    'change', 'id', 'actor', 'changed_by', 'place', 'place', 'reason', 'reason');
CALL keep_record('deliveries', 'INSERT', '', 'meeting', 'meeting_id', '{notice.delivered}',
    'notice', 'notice_id', 'person', 'person_id', 'actor', 'recorded_by', 'change', 'change_id');
CALL keep_record('deliveries', 'UPDATE', 'NEW.acknowledged_at IS DISTINCT FROM OLD.acknowledged_at',
    'meeting', 'meeting_id', '{notice.acknowledged}', 'notice', 'notice_id', 'actor', 'person_id', 'change', 'change_id');
CALL keep_record('deliveries', 'UPDATE', 'NEW.acknowledged_at IS NOT DISTINCT FROM OLD.acknowledged_at', 'meeting',
    'meeting_id', '{delivery.corrected}', 'notice', 'notice_id', 'person', 'person_id', 'method', 'method',
    'corrects', 'corrects', 'change', 'change_id');
CALL keep_record('deliveries', 'DELETE', '', 'meeting', 'meeting_id', '{delivery.corrected}',
    'notice', 'notice_id', 'person', 'person_id', 'change', 'change_id');

-- The administration of a meeting's people. From the notice on every change of a password (by another), an account, a
-- role or of kinship is a record of the meeting, written here with the change. While the meeting sits it needs a request
-- that the chair allowed, or the observer for what is the chair's own; a request is good for one change.
CREATE TABLE people_requests (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    meeting_id   bigint NOT NULL,
    body_id      bigint NOT NULL,
    what         text NOT NULL CHECK (what IN
                     ('password', 'account', 'role.granted', 'role.revoked', 'kinship.recorded', 'kinship.removed')),
    person_id    bigint REFERENCES people,
    detail       text NOT NULL DEFAULT '' CHECK (length(detail) <= 300),
    requested_by bigint NOT NULL REFERENCES people,
    allowed      boolean,
    decided_by   bigint REFERENCES people,
    decided_at   timestamptz,
    used_at      timestamptz,
    CONSTRAINT people_requests_whole CHECK (num_nulls(allowed, decided_by, decided_at) IN (0, 3)),
    FOREIGN KEY (meeting_id, body_id) REFERENCES meetings (id, body_id)
);

CREATE FUNCTION people_requests_stand() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    chair bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.allowed AND OLD.used_at IS NULL AND NEW.used_at IS NOT NULL THEN
        RETURN NEW; -- by `administered`, which holds the book: it takes no other lock of the meeting
    END IF;
    SELECT coalesce(acting_id, presiding_id) INTO chair FROM meetings
     WHERE id = NEW.meeting_id AND state = 'in_session' FOR SHARE;
    IF chair IS NULL OR (TG_OP = 'INSERT' AND NEW.decided_at IS NOT NULL) OR (TG_OP = 'UPDATE' AND (
           OLD.decided_at IS NOT NULL OR NEW.decided_by IN (NEW.requested_by, coalesce(NEW.person_id, 0))
           OR NOT CASE WHEN chair IN (NEW.requested_by, coalesce(NEW.person_id, 0)) THEN EXISTS (
                  SELECT 1 FROM grants WHERE body_id = NEW.body_id AND person_id = NEW.decided_by AND role = 'observer' AND held(ends_on))
              ELSE NEW.decided_by = chair END)) THEN
        PERFORM refuse('people_requests_decided', 'the chair decides once, the observer what is the chair''s own');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_requests_stand BEFORE INSERT OR UPDATE ON people_requests
    FOR EACH ROW EXECUTE FUNCTION people_requests_stand();
CALL keep_record('people_requests', 'INSERT', '',
    'meeting', 'meeting_id', '{people.requested}', 'request', 'id', 'actor', 'requested_by', 'detail', 'detail');
CALL keep_record('people_requests', 'UPDATE', 'OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL',
    'meeting', 'meeting_id', '{people.decided}', 'request', 'id', 'actor', 'decided_by', 'allowed', 'allowed');

-- administered(what): the books of the meetings concerned are locked in order of their ids, and a meeting's state is
-- read under its book's lock, so that a change and the call to order take turns.
CREATE FUNCTION administered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = yijue, pg_temp AS $$
DECLARE
    whom bigint;
    whose text := '';
    said text := '';
    concerned bigint[];
    one bigint;
    sitting boolean;
    granted_request bigint;
    book bigint;
BEGIN
    IF by_owner() THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'people' THEN
        whom := NEW.id;
        IF TG_ARGV[0] = 'password' AND whom = proved_person() THEN
            RETURN NULL; -- their own
        ELSIF TG_ARGV[0] = 'account' THEN
            said := concat_ws(',', CASE WHEN NEW.name <> OLD.name THEN 'name' END,
                CASE WHEN NEW.post <> OLD.post THEN 'post' END,
                CASE WHEN NEW.administrator <> OLD.administrator THEN 'administrator' END,
                CASE WHEN NEW.active <> OLD.active THEN 'active' END);
        END IF;
        concerned := ARRAY(SELECT id FROM meetings WHERE state IN ('noticed', 'in_session') AND (whom = ANY (formal_members)
            OR EXISTS (SELECT 1 FROM grants g WHERE g.person_id = whom AND g.body_id = meetings.body_id)) ORDER BY id);
    ELSIF TG_TABLE_NAME = 'grants' THEN
        IF TG_OP = 'DELETE' THEN
            whom := OLD.person_id; said := OLD.role; one := OLD.body_id;
        ELSE
            whom := NEW.person_id; said := NEW.role; one := NEW.body_id;
        END IF;
        concerned := ARRAY(SELECT id FROM meetings WHERE state IN ('noticed', 'in_session') AND body_id = one ORDER BY id);
    ELSE
        IF TG_OP = 'DELETE' THEN
            one := OLD.body_id;
            said := concat_ws('|', OLD.type, (SELECT name FROM kin WHERE id = OLD.a), (SELECT name FROM kin WHERE id = OLD.b));
        ELSE
            one := NEW.body_id;
            said := concat_ws('|', NEW.type, (SELECT name FROM kin WHERE id = NEW.a), (SELECT name FROM kin WHERE id = NEW.b));
        END IF;
        concerned := ARRAY(SELECT id FROM meetings WHERE state IN ('noticed', 'in_session') AND body_id = one ORDER BY id);
    END IF;
    IF whom IS NOT NULL THEN
        SELECT name INTO whose FROM people WHERE id = whom;
    END IF;
    FOREACH one IN ARRAY concerned LOOP
        SELECT id INTO book FROM books WHERE subject_type = 'meeting' AND subject_id = one FOR UPDATE;
        SELECT state = 'in_session' INTO sitting FROM meetings WHERE id = one AND state IN ('noticed', 'in_session');
        CONTINUE WHEN sitting IS NULL;
        granted_request := NULL;
        IF sitting THEN
            UPDATE people_requests SET used_at = yijue_now() WHERE id = (SELECT id FROM people_requests
                WHERE meeting_id = one AND what = TG_ARGV[0] AND person_id IS NOT DISTINCT FROM whom AND allowed
                  AND used_at IS NULL AND requested_by = proved_person()
                  AND (what = 'account' OR detail = said) ORDER BY id LIMIT 1 FOR UPDATE)
            RETURNING id INTO granted_request;
            IF granted_request IS NULL THEN
                RAISE EXCEPTION 'the meeting sits: its people are administered with the chair''s yes'
                    USING ERRCODE = '23514', CONSTRAINT = 'people_in_session', DETAIL = format(
                    '{"meeting":%s,"what":%s,"subject":%s,"change":%s}', one, to_json(TG_ARGV[0]),
                    coalesce(whom::text, 'null'), to_json(said));
            END IF;
        END IF;
        PERFORM ledger_append(book, proved_person(), 'people.administered', format(
            '{"detail":%s,"name":%s,"person":%s,"request":%s,"what":%s}', to_json(said), to_json(whose),
            coalesce(whom::text, 'null'), coalesce(granted_request::text, 'null'), to_json(TG_ARGV[0])), NULL);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER administered_password AFTER UPDATE ON people FOR EACH ROW
    WHEN (OLD.password_hash IS DISTINCT FROM NEW.password_hash) EXECUTE FUNCTION administered('password');
CREATE TRIGGER administered_account AFTER UPDATE ON people FOR EACH ROW
    WHEN ((OLD.name, OLD.post, OLD.administrator, OLD.active) <> (NEW.name, NEW.post, NEW.administrator, NEW.active))
    EXECUTE FUNCTION administered('account');
CREATE TRIGGER administered_grant AFTER INSERT ON grants FOR EACH ROW EXECUTE FUNCTION administered('role.granted');
CREATE TRIGGER administered_return AFTER UPDATE ON grants FOR EACH ROW
    WHEN (NEW.ends_on IS NULL) EXECUTE FUNCTION administered('role.granted');
CREATE TRIGGER administered_retirement AFTER UPDATE ON grants FOR EACH ROW
    WHEN (NEW.ends_on IS NOT NULL) EXECUTE FUNCTION administered('role.revoked');
CREATE TRIGGER administered_revocation AFTER DELETE ON grants
    FOR EACH ROW EXECUTE FUNCTION administered('role.revoked');
CREATE TRIGGER administered_kinship AFTER INSERT ON kinships
    FOR EACH ROW EXECUTE FUNCTION administered('kinship.recorded');
CREATE TRIGGER administered_kinship_removal AFTER DELETE ON kinships
    FOR EACH ROW EXECUTE FUNCTION administered('kinship.removed');

-- A person's own notes, on no record: row security shows them to their author alone.
CREATE TABLE notes (
    item_id    bigint NOT NULL,
    person_id  bigint NOT NULL REFERENCES people,
    meeting_id bigint NOT NULL,
    body_id    bigint NOT NULL,
    text       text NOT NULL CHECK (length(text) BETWEEN 1 AND 20000),
    at         timestamptz NOT NULL,
    PRIMARY KEY (item_id, person_id),
    FOREIGN KEY (item_id, meeting_id, body_id) REFERENCES items (id, meeting_id, body_id) ON DELETE CASCADE
);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY notes_visible ON notes USING (
    body_id = ANY ((SELECT proved_bodies())::bigint[]) AND person_id = (SELECT proved_person()));

-- What the sessions of these secrets prove, by the place `n` of each: one that awaits a code is nobody's yet. A member of a
-- meeting that sits is of its body whatever happens to their roles. It becomes part of the query that asks it.
CREATE FUNCTION proofs_of(p_secrets bytea[])
    RETURNS TABLE (n bigint, person bigint, organization bigint, administrator boolean, bodies bigint[])
    LANGUAGE sql STABLE AS $$
    SELECT u.n, p.id, p.organization_id, p.administrator AND s.due = '{}', CASE WHEN s.due <> '{}' THEN '{}'::bigint[]
               WHEN p.administrator OR p.security OR p.auditor
               THEN ARRAY(SELECT b.id FROM bodies b WHERE b.organization_id = p.organization_id)
               ELSE ARRAY(SELECT g.body_id FROM grants g WHERE g.person_id = p.id AND held(g.ends_on)
                          UNION SELECT body_id FROM meetings
                          WHERE state = 'in_session' AND p.id = ANY (formal_members)) END
      FROM unnest(p_secrets) WITH ORDINALITY AS u (secret, n) JOIN sessions s ON s.secret_hash = sha256(u.secret)
          JOIN people p ON p.id = s.person_id, deployment d
     WHERE s.ended IS NULL AND p.active AND NOT 'code' = ANY (s.due) AND ((s.expires_at > clock_timestamp() + d.clock_offset
            AND s.used_at > clock_timestamp() - interval '1 hour') OR session_open(s)) -- it costs more: the last
$$;

-- The beginning of every act in a meeting, in one round trip. The meeting's row is locked first: what is read after
-- that, the time among it, is no older than the lock. `record` is the one that the actor's command with this key wrote
-- before, `since` are the meeting's records after seq `p_after`.
CREATE FUNCTION enter_meeting(p_meeting bigint, p_actor bigint, p_key uuid, p_after bigint, OUT meeting meetings,
                              OUT kind text, OUT rulebook text, OUT book bigint, OUT now timestamptz, OUT record bytea, OUT hash bytea,
                              OUT command bytea, OUT since bytea[])
    LANGUAGE plpgsql SET search_path = yijue, pg_temp AS $$
BEGIN
    SELECT m.* INTO meeting FROM meetings m WHERE m.id = p_meeting FOR NO KEY UPDATE;
    SELECT k.id, yijue_now(), l.record, l.hash, l.command,
           ARRAY(SELECT s.record FROM ledger s WHERE s.book_id = k.id AND s.seq > p_after ORDER BY s.seq)
    INTO book, now, record, hash, command, since
    FROM books k LEFT JOIN ledger l ON l.actor_id = p_actor AND l.key = p_key
    WHERE k.subject_type = 'meeting' AND k.subject_id = p_meeting;
    SELECT b.kind, CASE WHEN meeting.charter IS NULL THEN b.rulebook END, coalesce(meeting.charter, b.charter)
    INTO kind, rulebook, meeting.charter FROM bodies b WHERE b.id = meeting.body_id;
END $$;

CALL keep_to_body('reached_numbers', 'meetings', 'items', 'papers', 'proceedings', 'notices', 'notice_changes', 'deliveries', 'people_requests');
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA yijue FROM PUBLIC;
REVOKE ALL ON ALL PROCEDURES IN SCHEMA yijue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_meeting(bigint, bigint, uuid, bigint) TO yijue_app;
GRANT SELECT ON procedures TO yijue_app;
GRANT SELECT, INSERT (meeting_id, body_id, what, person_id, detail, requested_by),
    UPDATE (allowed, decided_by, decided_at) ON people_requests TO yijue_app;
GRANT SELECT, INSERT (body_id, title, starts_at, place, presiding_id, secretary_id, hall_secret) ON meetings
    TO yijue_app;
GRANT UPDATE (title, starts_at, place, state, agenda, approved_by, presiding_id, acting_id, charter, year, ordinal, formal_members, called_at,
    adjourned_at) ON meetings TO yijue_app;
GRANT SELECT, INSERT ON reached_numbers TO yijue_app;
GRANT SELECT, INSERT, DELETE ON items TO yijue_app;
GRANT UPDATE (position, title, motion, category, in_charge_id, deputy_in_charge_id, subjects, confidential, attendees,
    materials_complete, deputy_on_record_id, carries_out, to_committee) ON items TO yijue_app;
GRANT SELECT, DELETE, INSERT (item_id, meeting_id, body_id, name, media_type, size, sha256, content, state)
    ON papers TO yijue_app;
GRANT SELECT, INSERT, UPDATE (text, at), DELETE ON notes TO yijue_app;
GRANT SELECT, UPDATE (state, presenter_id, discussed, reason) ON proceedings TO yijue_app;
GRANT SELECT, INSERT (meeting_id, body_id, given_at, given_by, agenda_hash), UPDATE (withdrawn_at, reason)
    ON notices TO yijue_app;
GRANT SELECT, INSERT (notice_id, meeting_id, body_id, at, changed_by, starts_before, starts_at, place_before, place, reason)
    ON notice_changes TO yijue_app;
GRANT SELECT, INSERT (notice_id, change_id, body_id, person_id, method, delivered_at, recorded_by),
    UPDATE (acknowledged_at, method, corrects), DELETE ON deliveries TO yijue_app;
