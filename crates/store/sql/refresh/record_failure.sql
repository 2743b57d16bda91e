-- A run failed as a whole and left no trace: who asked, when, and what went wrong?
with failure as (
    insert into tidemark.refresh_log (
        run_id, view_name, started_at, data_as_of, duration_ms, asked_by, success, error_message
    )
    values (nextval('tidemark.refresh_runs'), 'refresh_action_analytics', $1, $1, $2, $3, false, $4)
    returning run_id
)
select pg_notify('tidemark_refreshed', run_id::text) from failure
