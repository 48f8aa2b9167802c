-- What the projection keeps. One row per event; no index, no key and no upsert anywhere, for DuckDB's indexes have
-- gone stale under updates: rows are appended, read by their maximum, and now and then written anew in order.

create table layout (version int not null);

-- One row per accepted event about a person, and per PopulationShared.
create table event_row (
    log_partition int not null,
    log_offset bigint not null,
    recorded_at timestamptz not null,
    event text not null,
    event_id uuid not null,
    subject uuid,
    namespace text,
    occurred_at timestamptz not null,
    occurred_until timestamptz,
    ongoing bool,
    count bigint,
    producer text,
    incarnation uuid,
    sequence bigint,
    origin text,
    system text,
    actor text,
    on_behalf_of text,
    instruction text,
    regimes text[],
    exemption text,
    claim_evidence text,
    activity text,
    request text,
    supersedes uuid,
    elements text[],
    source text,
    recipient text,
    purposes text[],
    consideration text,
    occasion text,
    outcome text,
    operation text,
    reason text,
    method text,
    collected_before timestamptz,
    held_in text,
    notice text,
    legal_basis text,
    retention text,
    operator text,
    consent text,
    legal_document text,
    undisclosed_until timestamptz,
    other uuid,
    retracts uuid,
    about text,
    kind text,
    details text
);

-- One row per record that said again what was known: its number counts, its content does not.
create table repeat_row (
    log_partition int not null,
    log_offset bigint not null,
    recorded_at timestamptz not null,
    subject uuid,
    event_id uuid not null,
    producer text,
    incarnation uuid,
    sequence bigint
);

-- One row per record that an erasure took out of the archive: its number counts, and nothing else is left of it.
create table erased_row (
    log_partition int not null,
    log_offset bigint not null,
    recorded_at timestamptz not null,
    producer text,
    incarnation uuid,
    sequence bigint,
    erased_by uuid not null
);

-- One row per refused record, whole. `subjects` null: it may concern anybody. `subject` and `event_id` are the
-- identity it claims, `content` the SHA-256 of what it says: the same content, once accepted, settles it.
create table parked_row (
    log_partition int not null,
    log_offset bigint not null,
    recorded_at timestamptz not null,
    reason text not null,
    key blob,
    value blob,
    subjects uuid[],
    subject uuid,
    event_id uuid,
    producer text,
    incarnation uuid,
    sequence bigint,
    content blob
);

-- One row per refused record whose content was accepted under its id after all.
create table settlement_row (
    log_partition int not null,
    log_offset bigint not null,
    settled_at timestamptz not null
);

-- Islands of sequence numbers seen, whatever became of their records. They may overlap until they are merged.
create table sequence_run (
    producer text not null,
    incarnation uuid not null,
    first bigint not null,
    last bigint not null
);

-- One row per arrival: the same report arrives in every partition, with the same event_id.
create table producer_report (
    event_id uuid not null,
    producer text,
    incarnation uuid,
    last_sequence bigint not null,
    covers_from timestamptz not null,
    covers_until timestamptz not null,
    systems text[],
    closing bool,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    log_partition int not null,
    log_offset bigint not null
);

-- One row per arrival of an adopted policy. `problem` tells why its tables are empty.
create table adopted_policy (
    policy text not null,
    recorded_at timestamptz not null,
    occurred_at timestamptz not null,
    event_id uuid not null,
    files text not null,
    problem text,
    log_partition int not null,
    log_offset bigint not null
);

-- How far each partition is projected. `digest`: that of the last record, as in the archive, to know the log again.
create table position (
    tracking_name text not null,
    position bigint not null,
    recorded_at timestamptz,
    digest blob
);

-- How much of event_row stands in order: the compaction with the most rows is the latest.
create table compaction (
    sorted_rows bigint not null,
    greatest_event_id uuid,
    through timestamptz
);
