-- How are many rows of triggers summed up quickest? By hashing: sorting them first would take longer than all else.
select set_config('enable_sort', 'off', true) as enable_sort
