-- Must the trigger of an action result exist? An adopted database may have no foreign key.
select exists (
    select
    from pg_constraint
    where contype = 'f'
        and conrelid = to_regclass('public.action_results')
        and confrelid = to_regclass('public.triggers')
) as "requires_triggers!"
