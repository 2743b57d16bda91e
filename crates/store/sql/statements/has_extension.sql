-- Does this database measure the statements of everybody?
select exists (select from pg_extension where extname = 'pg_stat_statements') as "has_extension!"
