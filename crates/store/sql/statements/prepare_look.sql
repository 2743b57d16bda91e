-- How are plans made while one is looked at? For any values, and within two seconds.
select
    set_config('plan_cache_mode', 'force_generic_plan', true) as plan_cache_mode,
    set_config('statement_timeout', '2s', true) as statement_timeout
