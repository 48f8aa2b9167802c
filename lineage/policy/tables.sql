-- What was in force, and when: the policy as rows. One set of rows per adopted policy, told apart by its digest.
-- valid_from and valid_until are half-open and never null; '-infinity' and 'infinity' stand for open.

create table if not exists policy_business (
    policy text not null,
    name text not null,
    time_zone text not null,
    is_ccpa_business boolean not null,
    california_only boolean not null
);

-- Every known element, shipped or own. withhold: the code of what must not be printed; statement: what is said.
create table if not exists policy_element (
    policy text not null,
    element text not null,
    withhold text,
    statement text,
    free_content boolean not null,
    wording text not null
);

create table if not exists policy_element_alias (
    policy text not null,
    alias text not null,
    element text not null
);

create table if not exists policy_element_category (
    policy text not null,
    element text not null,
    category text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

-- with_elements null: always (within the dates). Otherwise: once one of them lies in the same system.
create table if not exists policy_element_sensitive (
    policy text not null,
    element text not null,
    spi text not null,
    with_elements text[],
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

create table if not exists policy_source (
    policy text not null,
    source text not null,
    category text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

create table if not exists policy_recipient (
    policy text not null,
    recipient text not null,
    name text not null,
    customer text,
    address text,
    country text
);

create table if not exists policy_recipient_category (
    policy text not null,
    recipient text not null,
    category text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

-- When control and common branding both held: a transfer to it is internal.
create table if not exists policy_recipient_same_business (
    policy text not null,
    recipient text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

-- Cut where the certification changes.
create table if not exists policy_contract (
    policy text not null,
    recipient text not null,
    contract text not null,
    kind text not null,
    role text,
    certified boolean not null,
    purposes text[] not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

-- Own purposes and the statutory ones, which map to themselves. No row in a gap: known, but mapped to nothing.
create table if not exists policy_purpose (
    policy text not null,
    purpose text not null,
    statutory text[] not null,
    wording text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

-- elements null: the policy does not say which ones the purpose needs.
create table if not exists policy_purpose_scope (
    policy text not null,
    purpose text not null,
    elements text[],
    compatible_with text[] not null,
    limits text[] not null
);

create table if not exists policy_system (
    policy text not null,
    system text not null,
    publishes boolean not null,
    attested_free boolean not null,
    holdings_known boolean not null,
    no_search boolean not null,
    customer_data boolean not null,
    country text,
    operated_by text,
    record_types text
);

create table if not exists policy_producer (
    policy text not null,
    producer text not null,
    covers_from timestamptz not null,
    heartbeat_minutes integer
);

create table if not exists policy_producer_attested (
    policy text not null,
    producer text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null,
    who text not null
);

create table if not exists policy_producer_closed (
    policy text not null,
    producer text not null,
    incarnation uuid not null,
    last_sequence bigint not null,
    who text not null
);

create table if not exists policy_customer (
    policy text not null,
    customer text not null,
    kind text
);

create table if not exists policy_customer_role (
    policy text not null,
    customer text not null,
    we_set_purposes boolean not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

create table if not exists policy_instruction (
    policy text not null,
    customer text not null,
    instruction text not null,
    purposes text[] not null,
    recipients text[] not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

create table if not exists policy_retention (
    policy text not null,
    rule text not null,
    elements text[] not null,
    purposes text[] not null,
    days bigint not null
);

-- What the vocabulary says of a statutory purpose.
create table if not exists policy_statutory_purpose (
    policy text not null,
    purpose text not null,
    business boolean not null,
    cross_context boolean not null
);

-- Every instant at which a dated row above begins or ends: intervals are cut here.
create table if not exists policy_boundary (
    policy text not null,
    instant timestamptz not null
);
