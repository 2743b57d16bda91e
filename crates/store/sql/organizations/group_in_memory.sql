-- How are many rows of triggers summed up quickest? In memory, and by a plan for what is asked for. Plans that fit any
-- parameter expect few rows: they would sort them all, or look through all triggers for each.
select
    set_config('plan_cache_mode', 'force_custom_plan', true) as plan_cache_mode,
    set_config('work_mem', '32MB', true) as work_mem
