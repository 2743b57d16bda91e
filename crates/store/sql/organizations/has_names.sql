-- Does this database know the names of organizations? An adopted one may not.
select to_regclass('public.organizations') is not null as "has_names!"
