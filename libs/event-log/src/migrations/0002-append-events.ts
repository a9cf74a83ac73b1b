import { Migration } from '@mikro-orm/migrations';
import { APPEND_LOCK } from '../advisory-locks.ts';
import { EVENTS_CHANNEL } from '../service-role.ts';

/** The requests of a batch, each with the version that its stream is at. */
const REQUESTS = `
  rows from (jsonb_to_recordset(batch) as (s text, v integer, e jsonb))
    with ordinality as request (stream, expected, events, nth)
  left join lateral (
    select e.stream_version, e.position from events e
    where e.stream_id = request.stream order by e.stream_version desc limit 1
  ) as current on true`;

const VERSION_HOLDS = `
  (request.expected is null or request.expected = coalesce(current.stream_version, 0))`;

/** A request's new events, counted from 1. */
const EVENTS_OF_REQUEST = `
  lateral rows from (jsonb_to_recordset(request.events)
      as (i uuid, t text, v integer, d jsonb, m jsonb))
    with ordinality as event (id, type, schema_version, data, metadata, nth)`;

const INSERT = `
  insert into events (stream_id, event_id, type, schema_version, data, metadata, stream_version,
                      recorded_at)
  select request.stream, event.id, event.type, event.schema_version, event.data, event.metadata`;

/** Time never goes back along the positions, also where the machine's clock does. */
const MOMENT = `
  greatest(date_trunc('milliseconds', clock_timestamp()),
           (select e.recorded_at from events e order by e.position desc limit 1))`;

/**
 * Many appends in one round trip and one transaction, each with its own outcome; no stream and no
 * event id may come twice in a batch. Under the lock nobody else appends, so what is checked here
 * still holds at the insert.
 */
export class AppendEvents extends Migration {
  override up(): void {
    this.addSql(JUDGE_AND_APPEND);
    this.addSql(APPEND_EVENTS);
  }

  override down(): void {
    this.addSql('drop function append_events');
    this.addSql('drop function judge_and_append');
  }
}

/** Judges each request first, appends those that may be, and says of the others why not. */
const JUDGE_AND_APPEND = `
  create function judge_and_append(batch jsonb)
    returns table (outcome text, version integer, last_position bigint, known_event uuid)
    language sql as $$
  with judged as materialized (
    select request.*, coalesce(current.stream_version, 0) as version,
           coalesce(current.position, 0) as position, ${VERSION_HOLDS} as version_holds,
           (select e.event_id from ${EVENTS_OF_REQUEST}
              join events e on e.event_id = event.id limit 1) as known
    from ${REQUESTS}
  ), added as (
    ${INSERT}, request.version + event.nth, ${MOMENT}
    from judged as request cross join ${EVENTS_OF_REQUEST}
    where request.known is null and request.version_holds
    order by request.nth, event.nth
    returning stream_id, stream_version, position
  ), ends as (
    select stream_id, max(stream_version) as stream_version, max(position) as position
    from added group by stream_id
  )
  select case when judged.known is not null then 'duplicate'
              when judged.version_holds then 'appended' else 'conflict' end,
         coalesce(ends.stream_version, judged.version),
         coalesce(ends.position, judged.position), judged.known
  from judged left join ends on ends.stream_id = judged.stream
  order by judged.nth $$`;

/**
 * Hopes that all may be appended, which costs a quarter less than to judge first; where that
 * fails, it takes back what it did and judges. Positions drawn in vain stay as gaps.
 */
const APPEND_EVENTS = `
  create function append_events(batch jsonb)
    returns table (outcome text, version integer, last_position bigint, known_event uuid)
    language plpgsql as $$
  declare
    versions integer[];
    positions bigint[];
  begin
    -- Each statement below sees what was committed before the lock was ours.
    perform pg_advisory_xact_lock(${String(APPEND_LOCK)});
    begin
      with added as (
        ${INSERT}, coalesce(current.stream_version, 0) + event.nth, ${MOMENT}
        from ${REQUESTS} cross join ${EVENTS_OF_REQUEST}
        where ${VERSION_HOLDS}
        order by request.nth, event.nth
        returning stream_id, stream_version, position
      ), ends as (
        select max(added.stream_version) as stream_version, max(added.position) as position
        from added group by added.stream_id
      )
      select array_agg(ends.stream_version order by ends.position),
             array_agg(ends.position order by ends.position)
        into versions, positions from ends;
      if cardinality(versions) is distinct from jsonb_array_length(batch) then
        raise exception 'not every request may be appended' using errcode = 'LB002';
      end if;
      return query select 'appended', v, p, null::uuid from unnest(versions, positions) as ends (v, p);
    exception when unique_violation or sqlstate 'LB002' then
      return query select * from judge_and_append(batch);
    end;
    perform pg_notify('${EVENTS_CHANNEL}', '');
  end $$`;
