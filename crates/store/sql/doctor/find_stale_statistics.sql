-- Of which tables does the planner know too little: never analyzed with rows in them, or much changed since?
select
    format('%I.%I', schemaname, relname) as "subject!",
    case
        when last_analyze is null and last_autoanalyze is null then format('never analyzed, some %s rows', to_char(n_live_tup, 'FM999,999,999,999'))
        else format('%s rows changed since it was analyzed, of some %s', to_char(n_mod_since_analyze, 'FM999,999,999,999'),
            to_char(n_live_tup, 'FM999,999,999,999'))
    end as "evidence!",
    array[format('analyze %I.%I', schemaname, relname)] as statements,
    null as advice
from pg_stat_user_tables
where (schemaname = 'tidemark' or (schemaname = 'public' and relname in ('action_results', 'triggers')))
    and n_live_tup > 10000
    and (
        (last_analyze is null and last_autoanalyze is null)
        or n_mod_since_analyze > 10000 + 0.3 * n_live_tup
    )
order by n_live_tup desc
