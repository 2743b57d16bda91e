//! What writers do. Each kind has a group of its own in every rollup (its action type), so that a difference names it.

/// One kind of writer.
#[derive(Debug, Clone, Copy)]
pub struct Writing {
    /// Also the action type of its rows.
    pub name: &'static str,
    /// How it begins.
    pub begin: &'static str,
    /// What it writes. `{name}` is its name, `{round}` a number that never comes twice, `{moment}` a time between the
    /// frontier and the next one.
    pub write: &'static str,
    /// How it ends.
    pub end: &'static str,
}

const READ_COMMITTED: &str = "begin";
/// A first question fixes the snapshot.
const REPEATABLE_READ: &str = "begin isolation level repeatable read; select pg_current_snapshot()";
const SERIALIZABLE: &str = "begin isolation level serializable; select pg_current_snapshot()";
const COMMIT: &str = "commit";
const INSERT_ON_TIME: &str =
    "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
    values ('{name}-{round}', 'j', '{name}', '{name}', 'success', clock_timestamp(), {round})";

/// The rows that are there before: one long in the rollups, one in the tail. They have the least and the most of all.
pub const ROWS_BEFORE: &str = "
    insert into public.triggers (id, name) values ('{name}', '{name}') on conflict do nothing;
    insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms, retry_count)
    values ('{name}-{round}-old', 'j', '{name}', '{name}', 'retrying', {old}, {round} * 10, 2)";
pub const ROW_IN_TAIL: &str = "
    insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
    values ('{name}-{round}-tail', 'j', '{name}', '{name}', 'retrying', clock_timestamp(), {round} * 100)";

/// All kinds but truncating, which nobody can do at the same time.
pub const WRITINGS: [Writing; 20] = [
    Writing { name: "insert on time", begin: READ_COMMITTED, write: INSERT_ON_TIME, end: COMMIT },
    Writing { name: "insert in repeatable read", begin: REPEATABLE_READ, write: INSERT_ON_TIME, end: COMMIT },
    Writing { name: "insert in serializable", begin: SERIALIZABLE, write: INSERT_ON_TIME, end: COMMIT },
    Writing { name: "insert and roll back", begin: READ_COMMITTED, write: INSERT_ON_TIME, end: "rollback" },
    Writing {
        name: "insert between the frontiers",
        begin: READ_COMMITTED,
        write: "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
            values ('{name}-{round}', 'j', '{name}', '{name}', 'success', {moment}, {round})",
        end: COMMIT,
    },
    Writing {
        name: "insert late",
        begin: REPEATABLE_READ,
        write: "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
            values ('{name}-{round}', 'j', '{name}', '{name}', 'failed', clock_timestamp() - interval '3 hours', 1)",
        end: COMMIT,
    },
    Writing {
        name: "insert without a time",
        begin: READ_COMMITTED,
        write: "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
            values ('{name}-{round}-0', 'j', '{name}', '{name}', 'failed', null, {round}),
                ('{name}-{round}-1', 'j', '{name}', '{name}', 'failed', 'infinity', {round}),
                ('{name}-{round}-2', 'j', '{name}', '{name}', 'failed', '-infinity', {round})",
        end: COMMIT,
    },
    Writing {
        name: "insert on conflict",
        begin: READ_COMMITTED,
        write: "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
            values ('{name}-{round}', 'j', '{name}', '{name}', 'failed', clock_timestamp(), {round}),
                ('{name}-{round}-old', 'j', '{name}', '{name}', 'failed', clock_timestamp(), {round}),
                ('{name}-{round}-tail', 'j', '{name}', '{name}', 'failed', clock_timestamp(), {round})
            on conflict (id) do update set status = excluded.status, duration_ms = 0",
        end: COMMIT,
    },
    Writing {
        name: "update an old row",
        begin: READ_COMMITTED,
        write: "update public.action_results set status = 'success', duration_ms = null where id = '{name}-{round}-old'",
        end: COMMIT,
    },
    Writing {
        name: "update a row of the tail",
        begin: SERIALIZABLE,
        write: "update public.action_results set status = 'success', duration_ms = -1 where id = '{name}-{round}-tail'",
        end: COMMIT,
    },
    Writing {
        name: "move rows in time",
        begin: REPEATABLE_READ,
        write: "update public.action_results set executed_at = clock_timestamp() where id = '{name}-{round}-old';
            update public.action_results set executed_at = clock_timestamp() - interval '5 hours' where id = '{name}-{round}-tail'",
        end: COMMIT,
    },
    Writing {
        name: "move rows out of time",
        begin: READ_COMMITTED,
        write: "update public.action_results set executed_at = null where id = '{name}-{round}-old';
            update public.action_results set executed_at = 'infinity' where id = '{name}-{round}-tail'",
        end: COMMIT,
    },
    Writing {
        name: "delete an old row",
        begin: READ_COMMITTED,
        write: "delete from public.action_results where id = '{name}-{round}-old'",
        end: COMMIT,
    },
    Writing {
        name: "delete a row of the tail",
        begin: REPEATABLE_READ,
        write: "delete from public.action_results where id = '{name}-{round}-tail'",
        end: COMMIT,
    },
    Writing {
        name: "delete a trigger",
        begin: READ_COMMITTED,
        write: "delete from public.triggers where id = '{name}'",
        end: COMMIT,
    },
    Writing {
        name: "roll back to a savepoint",
        begin: READ_COMMITTED,
        write: "savepoint a;
            insert into public.action_results (id, job_id, trigger_id, action_type, status)
            values ('{name}-{round}', 'j', '{name}', '{name}', 'failed');
            update public.action_results set duration_ms = 0 where id like '{name}-{round}-%';
            rollback to a;
            savepoint b;
            insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
            values ('{name}-{round}', 'j', '{name}', '{name}', 'success', clock_timestamp(), {round});
            release b",
        end: COMMIT,
    },
    Writing {
        name: "come and go",
        begin: READ_COMMITTED,
        write: "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
            values ('{name}-{round}', 'j', '{name}', '{name}', 'failed', clock_timestamp() - interval '9 hours', 0);
            update public.action_results set executed_at = clock_timestamp() where id = '{name}-{round}';
            delete from public.action_results where id = '{name}-{round}'",
        end: COMMIT,
    },
    Writing {
        name: "copy",
        begin: READ_COMMITTED,
        write: "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
            select '{name}-{round}-' || number, 'j', '{name}', '{name}', 'success',
                clock_timestamp() - number * interval '10 milliseconds', number
            from generate_series(0, 60) as number",
        end: COMMIT,
    },
    Writing {
        name: "prepare",
        begin: READ_COMMITTED,
        write: "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
            values ('{name}-{round}', 'j', '{name}', '{name}', 'success', clock_timestamp(), {round});
            update public.action_results set status = 'failed' where id = '{name}-{round}-old';
            prepare transaction 'prepare {database} {round}'",
        end: "commit prepared 'prepare {database} {round}'",
    },
    Writing {
        name: "prepare and roll back",
        begin: READ_COMMITTED,
        write: "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
            values ('{name}-{round}', 'j', '{name}', '{name}', 'success', clock_timestamp(), {round});
            delete from public.action_results where id = '{name}-{round}-tail';
            prepare transaction 'back {database} {round}'",
        end: "rollback prepared 'back {database} {round}'",
    },
];
