-- How are many rows of triggers summed up quickest? In memory, and by a plan for what is asked for. Plans that fit any
-- parameter expect few rows: they would sort them all, or look through all triggers for each. Nothing is known of the days of
-- the live view, so they are taken for as many groups as rows: without the last two, all rows would be sorted on disk.
select
    set_config('plan_cache_mode', 'force_custom_plan', true) as plan_cache_mode,
    set_config('work_mem', '32MB', true) as work_mem,
    set_config('enable_sort', 'off', true) as enable_sort,
    set_config('parallel_tuple_cost', '0', true) as parallel_tuple_cost
