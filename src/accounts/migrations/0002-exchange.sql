-- What a node and the database say to each other, in one transaction: the node tells what was used and what it gives
-- back, the database adds it up and answers with the node's leases. For every counter with a limit,
--   spent + the leases of all nodes that are alive <= limit
-- whenever a lease is given, so nodes that spend only what they hold cannot exceed it together.
--
--   p_sequence   grows with every exchange of a node; one that was applied is not applied again, so a node that did
--                not hear the answer may repeat it
--   p_lease_ms   a node that is not heard of for so long has lost its leases. It must stop using them after 3/4 of
--                that, and a node that comes later has lost them too, though nobody took them yet
--   p_usage      rows of the table usage to add
--   p_charges    [{subject, unit, period, starts, amount}] what they add to counters, of which some exist
--   p_meters     [{i, subject, unit, period, starts, ends, from_day, to_day, max, used, release, need, least, ahead}]
--                used: spent of the lease; release: given back; need: wanted beyond the lease (0 = nothing), at least
--                `least` or nothing; ahead: welcome on top (also where nothing is wanted), up to an eighth of what is left
-- Answers {lapsed, meters: [{i, lease, remaining}]}. Locks are taken in one order: no two exchanges block each other.
create function stateai.exchange(
  p_node text, p_sequence bigint, p_lease_ms integer, p_usage jsonb, p_charges jsonb, p_meters jsonb
) returns jsonb language plpgsql as $$
declare
  v_ttl interval := make_interval(secs => p_lease_ms / 1000.0);
  v_node stateai.nodes;
  v_again boolean;
  v_lapsed boolean;
  v_spent bigint;
  v_lease bigint;
  v_others bigint;
  v_left bigint;
  v_grant bigint;
  v_answer jsonb := '[]';
  m record;
begin
  -- A counter that is new begins with what the usage says; no usage may be on its way at that moment.
  if exists (
    select from jsonb_to_recordset(p_meters) as q(subject text, unit text, period text, starts bigint)
    where q.unit in ('usd', 'credits') and not exists (
      select from stateai.counters c
      where (c.subject, c.unit, c.period, c.starts) = (q.subject, q.unit, q.period, q.starts)))
  then perform pg_advisory_xact_lock(4141002);
  else perform pg_advisory_xact_lock_shared(4141002);
  end if;

  insert into stateai.nodes values (p_node, 0, clock_timestamp() + v_ttl) on conflict do nothing;
  select * into v_node from stateai.nodes where id = p_node for update;
  v_again := v_node.sequence >= p_sequence;
  v_lapsed := v_node.expires_at < clock_timestamp() + v_ttl / 4;
  if v_lapsed then delete from stateai.leases where node = p_node; end if;
  update stateai.nodes
  set sequence = greatest(sequence, p_sequence), expires_at = clock_timestamp() + v_ttl
  where id = p_node;

  insert into stateai.counters (subject, unit, period, starts, ends, spent)
  select q.subject, q.unit, q.period, q.starts, q.ends, case
    when q.unit not in ('usd', 'credits') then 0
    when q.subject like 'key:%' then (
      select coalesce(sum(case q.unit when 'usd' then u.charged else u.cost end), 0) from stateai.usage u
      where u.key = substr(q.subject, 5) and u.day >= q.from_day and (q.to_day is null or u.day < q.to_day))
    else (
      select coalesce(sum(case q.unit when 'usd' then u.charged else u.cost end), 0) from stateai.usage u
      where u.account = substr(q.subject, 9) and u.day >= q.from_day and (q.to_day is null or u.day < q.to_day))
    end
  from jsonb_to_recordset(p_meters)
    as q(subject text, unit text, period text, starts bigint, ends bigint, from_day date, to_day date)
  where not exists (
    select from stateai.counters c
    where (c.subject, c.unit, c.period, c.starts) = (q.subject, q.unit, q.period, q.starts))
  order by q.subject collate "C", q.unit, q.period, q.starts
  on conflict do nothing;

  perform from stateai.counters c join (
    select q.subject, q.unit, q.period, q.starts from jsonb_to_recordset(p_charges)
      as q(subject text, unit text, period text, starts bigint)
    union
    select q.subject, q.unit, q.period, q.starts from jsonb_to_recordset(p_meters)
      as q(subject text, unit text, period text, starts bigint)
  ) w using (subject, unit, period, starts)
  order by c.subject collate "C", c.unit, c.period, c.starts for update of c;

  if not v_again then
    insert into stateai.usage as u
    select q.* from jsonb_populate_recordset(null::stateai.usage, p_usage) as q
    order by q.day, q.account collate "C", q.key collate "C", q.model collate "C", q.provider collate "C"
    on conflict (day, account, key, model, provider) do update set
      cost = u.cost + excluded.cost,
      byok_cost = u.byok_cost + excluded.byok_cost,
      charged = u.charged + excluded.charged,
      requests = u.requests + excluded.requests,
      unknown_cost = u.unknown_cost + excluded.unknown_cost,
      prompt_tokens = u.prompt_tokens + excluded.prompt_tokens,
      completion_tokens = u.completion_tokens + excluded.completion_tokens,
      reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens;

    update stateai.counters c set spent = c.spent + q.amount
    from jsonb_to_recordset(p_charges)
      as q(subject text, unit text, period text, starts bigint, amount bigint)
    where (c.subject, c.unit, c.period, c.starts) = (q.subject, q.unit, q.period, q.starts);
  end if;

  for m in
    select * from jsonb_to_recordset(p_meters) as q(
      i integer, subject text, unit text, period text, starts bigint,
      max bigint, used bigint, release bigint, need bigint, least bigint, ahead bigint)
  loop
    select coalesce(max(l.amount), 0) into v_lease from stateai.leases l
    where (l.subject, l.unit, l.period, l.starts, l.node) = (m.subject, m.unit, m.period, m.starts, p_node);
    if not v_again then
      v_lease := greatest(0, v_lease - m.used - m.release);
    end if;
    update stateai.counters c
    set spent = c.spent + case when not v_again and m.unit in ('requests', 'tokens') then m.used else 0 end
    where (c.subject, c.unit, c.period, c.starts) = (m.subject, m.unit, m.period, m.starts)
    returning c.spent into v_spent;
    v_left := null;
    if m.need > 0 or m.ahead > 0 then
      select coalesce(sum(l.amount), 0) into v_others
      from stateai.leases l join stateai.nodes n on n.id = l.node
      where (l.subject, l.unit, l.period, l.starts) = (m.subject, m.unit, m.period, m.starts)
        and l.node <> p_node and n.expires_at > clock_timestamp();
      v_left := m.max - v_spent - v_others - v_lease;
      v_grant := 0;
      if not v_again and v_left >= m.least then
        v_grant := least(v_left, m.need + least(m.ahead, v_left / 8));
      end if;
      v_lease := v_lease + v_grant;
      v_left := v_left - v_grant;
    end if;
    if v_lease > 0 then
      insert into stateai.leases as l values (m.subject, m.unit, m.period, m.starts, p_node, v_lease)
      on conflict (subject, unit, period, starts, node) do update set amount = excluded.amount;
    else
      delete from stateai.leases l
      where (l.subject, l.unit, l.period, l.starts, l.node) = (m.subject, m.unit, m.period, m.starts, p_node);
    end if;
    v_answer := v_answer || jsonb_build_object('i', m.i, 'lease', v_lease, 'remaining', v_left);
  end loop;
  return jsonb_build_object('lapsed', v_lapsed, 'meters', v_answer);
end $$;
