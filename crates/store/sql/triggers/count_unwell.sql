-- How many triggers are there, and how many are critical, deserve a warning, or ran nothing since $1? The unwell are
-- counted up to $2, each by its index, as of the last refresh.
select
    (select count(*) from tidemark.trigger_directory) as "total!",
    (
        select count(*)
        from (
            select
            from public.trigger_performance_summary
            where tidemark.trigger_severity(success_rate, p95_duration_ms, avg_retries) >= 2000
            limit $2
        ) as found
    ) as "critical!",
    (
        select count(*)
        from (
            select
            from public.trigger_performance_summary
            where tidemark.trigger_severity(success_rate, p95_duration_ms, avg_retries) >= 1000
                and tidemark.trigger_severity(success_rate, p95_duration_ms, avg_retries) < 2000
            limit $2
        ) as found
    ) as "warning!",
    (
        select count(*)
        from (
            select
            from public.trigger_performance_summary as ran
            cross join lateral (
                select
                from tidemark.trigger_directory as directory
                where directory.id = ran.trigger_id and coalesce(directory.enabled, true)
            ) as enabled
            where ran.last_execution_at < $1
                and tidemark.trigger_severity(ran.success_rate, ran.p95_duration_ms, ran.avg_retries) < 1000
            limit $2
        ) as found
    ) as "idle!"
