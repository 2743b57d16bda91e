-- How many different messages did the failures from $2 to $1 bring? Messages that start alike are one kind.
select count(distinct left(error_message, $3)) as "kinds!"
from public.recent_failures
where executed_at > $2 and executed_at <= $1
