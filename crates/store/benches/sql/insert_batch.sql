-- What ran just now, many at once? The search path says in which of the twins it is noted.
insert into action_results (job_id, trigger_id, action_type, status, duration_ms, response_data)
select job_id, trigger_id, action_type, status, duration_ms, '{"code": 200}'
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[])
    as ran (job_id, trigger_id, action_type, status, duration_ms)
