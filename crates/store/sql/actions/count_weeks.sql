-- What ran between each two of the growing moments $1, by how it ended? Only of action type $2 and status $3, where those
-- are asked for. An hour counts where it begins; place 1 is what began between the first moment and the second.
select
    width_bucket(hour, $1::timestamptz[]) as "place!",
    status as "status!",
    sum(executions)::bigint as "executions!"
from tidemark.live_executions_hourly_parts
where hour >= ($1::timestamptz[])[1] and hour < ($1::timestamptz[])[cardinality($1::timestamptz[])]
    and ($2::text is null or action_type = $2) and ($3::text is null or status = $3)
group by 1, 2
