-- As of when is what this transaction sees? As of its beginning, just before its snapshot: whatever was committed by then
-- is in it. Nothing is shown before everything was counted once. Plans that fit any parameter are good here, and making a
-- better one for each look would take longer than it saves.
select
    now() as "as_of!",
    set_config('plan_cache_mode', 'force_generic_plan', true) as plan_cache_mode,
    set_config('jit', 'off', true) as jit
from tidemark.frontier
where is_built
