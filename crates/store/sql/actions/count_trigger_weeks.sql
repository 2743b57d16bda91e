-- What ran of the triggers $2 between each two of the growing moments $1, by how it ended? Only of action type $3 and
-- status $4, where those are asked for. A UTC day counts where its noon is; place 1 is between the first moment and the
-- second.
select
    width_bucket(day + interval '12 hours', $1::timestamptz[]) as "place!",
    status as "status!",
    sum(executions)::bigint as "executions!"
from tidemark.live_trigger_executions_daily
where trigger_id = any($2) and day >= ($1::timestamptz[])[1] - interval '12 hours'
    and day < ($1::timestamptz[])[cardinality($1::timestamptz[])] - interval '12 hours'
    and ($3::text is null or action_type = $3) and ($4::text is null or status = $4)
group by 1, 2
