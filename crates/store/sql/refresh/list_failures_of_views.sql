-- Which refreshes failed since $1, newest first, and what did the database say? At most $2.
select started_at as "at!", view_name, left(error_message, 1000) as "message!", asked_by as "asked_by!"
from tidemark.refresh_log
where not success and started_at >= $1
order by started_at desc, run_id desc
limit $2
