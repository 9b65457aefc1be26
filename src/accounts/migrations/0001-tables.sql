-- Accounts, keys, usage, and the counters that limits are held against. Money is whole nano-dollars.

create table stateai.settings (
  name text primary key,
  value text not null
);

create table stateai.accounts (
  id text primary key,
  name text not null,
  country text,
  limits jsonb not null,
  credits bigint,
  apps jsonb not null,
  sampling boolean not null,
  disabled boolean not null,
  created_at bigint not null
);
create unique index accounts_name on stateai.accounts (lower(name));

create table stateai.keys (
  hash text primary key,
  account text not null references stateai.accounts on delete cascade,
  name text not null,
  label text not null,
  app text,
  limits jsonb not null,
  include_byok_in_limit boolean not null,
  disabled boolean not null,
  expires_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  management boolean not null
);
create index keys_account on stateai.keys (account, created_at);

create table stateai.provider_keys (
  account text not null references stateai.accounts on delete cascade,
  provider text not null,
  sealed text not null,
  label text not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account, provider)
);

create table stateai.usage (
  day date not null,
  account text not null,
  key text not null,
  model text not null,
  provider text not null,
  cost bigint not null,
  byok_cost bigint not null,
  charged bigint not null,
  requests bigint not null,
  unknown_cost bigint not null,
  prompt_tokens bigint not null,
  completion_tokens bigint not null,
  reasoning_tokens bigint not null,
  primary key (day, account, key, model, provider)
);
create index usage_key on stateai.usage (key, day);
create index usage_account on stateai.usage (account, day);

-- One row: what a subject (key:… or account:…) spent in a window. Exists from when a limit was first held against it.
create table stateai.counters (
  subject text not null,
  unit text not null,
  period text not null,
  starts bigint not null,
  ends bigint,
  spent bigint not null,
  primary key (subject, unit, period, starts)
);

-- One row: a process that holds leases. It holds them until expires_at, and says when it is still there.
create table stateai.nodes (
  id text primary key,
  sequence bigint not null,
  expires_at timestamptz not null
);

-- One row: what of a counter's limit a node may spend without asking.
create table stateai.leases (
  subject text not null,
  unit text not null,
  period text not null,
  starts bigint not null,
  node text not null,
  amount bigint not null,
  primary key (subject, unit, period, starts, node)
);
create index leases_node on stateai.leases (node);
