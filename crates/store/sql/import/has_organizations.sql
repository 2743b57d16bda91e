-- Does this database know organizations, and triggers that belong to them? An adopted one may not.
select to_regclass('public.organizations') is not null and exists (
    select
    from pg_attribute
    where attrelid = to_regclass('public.triggers') and attname = 'organization_id' and not attisdropped
) as "has_organizations!"
