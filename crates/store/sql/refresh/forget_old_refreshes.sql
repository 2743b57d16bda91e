-- Which refreshes need nobody remember? Those longer ago than $1 seconds, but for the newest success of each view.
delete from tidemark.refresh_log as log
where log.started_at < now() - make_interval(secs => $1)
    and (
        not log.success
        or exists (
            select
            from tidemark.refresh_log as newer
            where newer.view_name = log.view_name and newer.success and newer.data_as_of > log.data_as_of
        )
    )
