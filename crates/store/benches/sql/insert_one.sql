-- What ran just now? The search path says in which of the twins it is noted.
insert into action_results (job_id, trigger_id, action_type, status, duration_ms, response_data)
values ($1, $2, $3, $4, $5, '{"code": 200}')
