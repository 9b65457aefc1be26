-- Keys that may send records of traffic that passed elsewhere, and nothing else.
alter table stateai.keys add column ingest boolean not null default false;
