//! Histories made up by chance. One that goes wrong is shrunk to a few steps.
//!
//! Time is made up too, so that nothing depends on the clock. `TIDEMARK_HISTORIES=1000` for more of them, and
//! `TIDEMARK_SEED=7` for others.

use std::sync::Mutex;

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};

use crate::support::{Engine, Session};

const DEFAULT_CASES: u32 = 40;

/// The clock of these histories takes the place of the machine's.
const CLOCK: &str = "
    create table public.clock as select timestamptz '2001-01-01 10:20:00+00' as now;
    create or replace function tidemark.raise_watermark() returns timestamptz language plpgsql as $$
    begin
        return to_timestamp(setval('tidemark.watermark', greatest(
            (select extract(epoch from now) * 1000 from public.clock),
            (select last_value from tidemark.watermark),
            (select ceil(extract(epoch from frontier_at) * 1000) from tidemark.frontier)
        )::bigint) / 1000::float8);
    end
    $$;
    select setval('tidemark.watermark', 0);
    delete from tidemark.frontier;
    insert into public.triggers (id, name) select 't' || number, 't' from generate_series(0, 2) as number";

/// Begins anew at the next day, with an empty table that is built.
const RESET: &str = "
    update public.clock set now = date_trunc('day', now, 'UTC') + interval '1 day 10 hours 20 minutes';
    truncate public.action_results";
const BUILD_NEXT: &str = "begin isolation level repeatable read; select tidemark.build_next(1); commit";

/// What happens.
#[derive(Debug, Clone)]
enum Step {
    /// So many rows of one group come.
    Insert {
        rows: u32,
        row: Row,
    },
    /// Rows come in a transaction that stays open until the next `Close`; the frontier may not pass it.
    Open {
        row: Row,
    },
    Close {
        commits: bool,
    },
    /// A row is changed: which one, and what of it.
    Update {
        which: u32,
        row: Row,
        change: usize,
    },
    Delete {
        which: u32,
    },
    /// All rows of an action type go but for some.
    DeleteMost {
        kind: u32,
        but: u32,
    },
    Truncate,
    Tick {
        minutes: u32,
    },
    Fold,
    /// A fold that is killed before it commits.
    KilledFold,
    Refresh,
    /// Everything is counted anew, range by range; after each so many rows come again.
    Recount {
        meanwhile: Vec<(u32, Row)>,
    },
}

#[derive(Debug, Clone)]
struct Row {
    /// Negative ones are in the future.
    minutes_ago: i32,
    /// Some rows have no finite time.
    timeless: Option<&'static str>,
    kind: u32,
    status: &'static str,
    duration: Option<i32>,
    retries: Option<i32>,
    trigger: Option<u32>,
}

fn row() -> impl Strategy<Value = Row> {
    (
        prop_oneof![4 => -5..60, 2 => -300..3000, 1 => 20_000..23_000],
        prop_oneof![12 => Just(None), 1 => prop::sample::select(vec![Some("null"), Some("'infinity'"), Some("'-infinity'")])],
        0_u32..2,
        prop::sample::select(vec!["success", "failed", "retrying"]),
        prop::option::weighted(0.8, prop_oneof![0..20, -3..3, Just(i32::MAX), 1000..1020]),
        prop::option::of(-1..3),
        prop::option::weighted(0.7, 0_u32..3),
    )
        .prop_map(|(minutes_ago, timeless, kind, status, duration, retries, trigger)| Row {
            minutes_ago, timeless, kind, status, duration, retries, trigger,
        })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (prop_oneof![3 => Just(1_u32), 1 => 2_u32..60], row()).prop_map(|(rows, row)| Step::Insert { rows, row }),
        1 => row().prop_map(|row| Step::Open { row }),
        2 => any::<bool>().prop_map(|commits| Step::Close { commits }),
        4 => (0_u32..100, row(), 0_usize..7).prop_map(|(which, row, change)| Step::Update { which, row, change }),
        2 => (0_u32..100).prop_map(|which| Step::Delete { which }),
        1 => (0_u32..2, 0_u32..60).prop_map(|(kind, but)| Step::DeleteMost { kind, but }),
        1 => Just(Step::Truncate),
        3 => prop_oneof![1_u32..90, 1000_u32..30_000].prop_map(|minutes| Step::Tick { minutes }),
        4 => Just(Step::Fold),
        1 => Just(Step::KilledFold),
        1 => Just(Step::Refresh),
        2 => prop::collection::vec((1_u32..6, row()), 0..5).prop_map(|meanwhile| Step::Recount { meanwhile }),
    ]
}

impl Row {
    fn moment(&self) -> String {
        let finite = format!("(select now from public.clock) - interval '{} minutes'", self.minutes_ago);
        self.timeless.map_or(finite, ToOwned::to_owned)
    }

    /// What a column is set to.
    fn column(&self, name: &str) -> String {
        let number = |number: Option<i32>| number.map_or("null".to_owned(), |number| number.to_string());
        match name {
            "trigger_id" => self.trigger.map_or("null".to_owned(), |trigger| format!("'t{trigger}'")),
            "action_type" => format!("'kind {}'", self.kind),
            "status" => format!("'{}'", self.status),
            "executed_at" => self.moment(),
            // Rows that come together differ a little.
            "duration_ms" => format!("least({}::bigint + number % 5, 2147483647)::integer", number(self.duration)),
            _ => number(self.retries),
        }
    }

    fn insert(&self, rows: u32) -> String {
        let values = COLUMNS.map(|name| self.column(name)).join(", ");
        format!(
            "insert into public.action_results (job_id, {}) select 'j', {values} from generate_series(1, {rows}) as number",
            COLUMNS.join(", ")
        )
    }
}

const COLUMNS: [&str; 6] = ["trigger_id", "action_type", "status", "executed_at", "duration_ms", "retry_count"];
/// Which row is meant: rows are numbered as they came.
const WHICH: &str = "id = (select id from public.action_results order by executed_at, ctid offset {which} % greatest((select count(*) from public.action_results), 1) limit 1)";

/// What plays histories.
struct Stage {
    session: Session,
    /// Keeps a transaction open.
    other: Session,
}

impl Stage {
    /// Does one step; then what is wrong.
    async fn take(&mut self, step: &Step) -> Vec<String> {
        match step {
            Step::Insert { rows, row } => self.session.run(&row.insert(*rows)).await,
            Step::Open { row } => {
                self.other.run("rollback; begin isolation level repeatable read").await;
                self.other.run(&row.insert(3)).await;
            }
            Step::Close { commits } => self.other.run(if *commits { "commit" } else { "rollback" }).await,
            Step::Update { which, row, change } => {
                let set = COLUMNS.get(*change).map_or(COLUMNS.to_vec(), |name| vec![*name]);
                let set: Vec<_> = set
                    .into_iter()
                    .map(|name| format!("{name} = {}", row.column(name).replace("number", "1")))
                    .collect();
                let which = WHICH.replace("{which}", &which.to_string());
                self.session.run(&format!("update public.action_results set {} where {which}", set.join(", "))).await;
            }
            Step::Delete { which } => {
                let which = WHICH.replace("{which}", &which.to_string());
                self.session.run(&format!("delete from public.action_results where {which}")).await;
            }
            Step::DeleteMost { kind, but } => {
                self.session.run(&format!("delete from public.action_results where action_type = 'kind {kind}' and id not in
                    (select id from public.action_results where action_type = 'kind {kind}' order by duration_ms, ctid limit {but})")).await;
            }
            Step::Truncate => {
                // It would wait for whoever is open.
                self.other.run("commit").await;
                self.session.run("truncate public.action_results").await;
            }
            Step::Tick { minutes } => {
                self.session.run(&format!("update public.clock set now = now + interval '{minutes} minutes'")).await;
            }
            Step::Recount { meanwhile } => self.recount(meanwhile).await,
            Step::KilledFold => self.session.run("begin; select tidemark.fold(); rollback").await,
            Step::Fold => {
                let mut differences = self.live_differences().await;
                self.session.run("select tidemark.fold()").await;
                differences.extend(self.live_differences().await);
                return differences;
            }
            Step::Refresh => return self.session.differences_after_refresh().await,
        }
        // What only adds up is looked at when it is folded.
        match step {
            Step::Close { .. } | Step::Truncate | Step::Recount { .. } => self.live_differences().await,
            _ => Vec::new(),
        }
    }

    /// Ranges are as small as days are; nothing is folded before all are counted.
    async fn recount(&mut self, meanwhile: &[(u32, Row)]) {
        self.other.run("commit").await;
        self.session.run("select tidemark.begin_build()").await;
        for (rows, row) in meanwhile {
            self.session.run(BUILD_NEXT).await;
            self.session.run(&row.insert(*rows)).await;
            self.session.run("select tidemark.fold()").await;
        }
        while !self.session.value::<bool>("select is_built from tidemark.frontier").await {
            self.session.run(BUILD_NEXT).await;
        }
    }

    async fn live_differences(&mut self) -> Vec<String> {
        self.session.live_differences().await.unwrap()
    }

    /// Plays a history from an empty table; then what went wrong, after which step.
    async fn play(&mut self, history: &[Step]) -> Result<(), TestCaseError> {
        self.other.run("rollback").await;
        self.session.run(RESET).await;
        self.recount(&[]).await;
        for (number, step) in history.iter().enumerate() {
            let differences = self.take(step).await;
            prop_assert!(differences.is_empty(), "after step {number}, {step:?}: {differences:#?}");
        }
        self.other.run("commit").await;
        let mut differences = self.live_differences().await;
        differences.extend(self.session.differences_after_refresh().await);
        prop_assert!(differences.is_empty(), "in the end: {differences:#?}");
        Ok(())
    }
}

fn number_of(variable: &str, otherwise: u32) -> u32 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// Plays histories until one goes wrong, and tells it after shrinking it.
fn play(cases: u32, seed: u32, shrinks: u32, sql: &str) -> Result<(), TestError<Vec<Step>>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let engine = runtime.block_on(Engine::new());
    let stage = runtime.block_on(async {
        engine.database.run(CLOCK).await;
        engine.database.run(sql).await;
        let mut stage = Stage { session: engine.session().await, other: engine.session().await };
        stage.session.run("set tidemark.writer_wait = '0'; set synchronous_commit = off").await;
        Mutex::new(stage)
    });
    println!("TIDEMARK_SEED={seed} TIDEMARK_HISTORIES={cases}");
    let config = Config { cases, failure_persistence: None, max_shrink_iters: shrinks, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let outcome = runner
        .run(&prop::collection::vec(step(), 1..25), |history| runtime.block_on(stage.lock().unwrap().play(&history)));
    // Connections are closed by their runtime.
    let _running = runtime.enter();
    drop(stage);
    outcome
}

#[test]
fn any_history_is_exact() {
    let played = play(number_of("TIDEMARK_HISTORIES", DEFAULT_CASES), number_of("TIDEMARK_SEED", 1), 2000, "");
    if let Err(failure) = played {
        panic!("{failure}");
    }
}

#[test]
fn a_history_tells_a_broken_engine_in_a_few_steps() {
    for broken in [include_str!("sql/naive/no_minimum_lost.sql"), include_str!("sql/naive/few_read_while_logged.sql")] {
        let Err(TestError::Fail(reason, steps)) = play(500, 1, 30, broken) else { panic!("nothing found: {broken}") };
        println!("{steps:#?}: {reason}");
        assert!(steps.len() <= 15, "not shrunk: {steps:#?}");
    }
}
