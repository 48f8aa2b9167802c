-- The facts of a database of people as a PostgreSQL of our own would hold them. Loaded in this order, then indexed.
create table event (
    subject uuid not null,
    event_id uuid not null,
    event text not null,
    occurred_at timestamptz not null,
    recipient text,
    elements text[] not null,
    purposes text[] not null,
    consideration text,
    outcome text,
    customer text
);

create table word (
    word text not null,
    category text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

create table recipient (
    recipient text not null,
    customer text,
    category text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

create table same_business (
    recipient text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

create table contract (
    recipient text not null,
    kind text not null,
    role text,
    certified boolean not null,
    purposes text[] not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);

create table purpose (
    purpose text not null,
    statutory text[] not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null
);
