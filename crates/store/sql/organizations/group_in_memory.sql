-- How are many rows of triggers summed up quickest? By hashing. Plans that fit any parameter expect few rows, and would
-- sort them all, or look through all triggers for each.
select
    set_config('enable_sort', 'off', true) as enable_sort,
    set_config('enable_nestloop', 'off', true) as enable_nestloop
