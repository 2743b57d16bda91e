//! What a writer does, made up from a seed. The same seed makes up the same, whatever happens in the database.
//!
//! Nobody may deadlock by its own fault: whoever keeps a transaction open changes only rows of its own. Rows of others
//! are changed by single statements alone.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::WRITERS;

/// How many of its own rows a writer picks from: few, so that they are changed again and again.
const ROWS: u32 = 300;
const TRIGGERS: u32 = 3;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Run(String),
    /// Rows for `copy`, as it reads them.
    Copy(String),
    /// The transaction is left open for a while.
    Pause(Duration),
}

/// One transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Where Postgres may refuse to serialize it; it is tried again then.
    pub may_be_refused: bool,
    pub truncates: bool,
    pub prepares: bool,
    pub steps: Vec<Step>,
}

/// Makes up the deeds of one writer, one after the other.
pub struct Script {
    random: StdRng,
    writer: usize,
    number: u32,
}

impl Script {
    pub fn new(seed: u64, writer: usize) -> Self {
        let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(writer as u64);
        Self { random: StdRng::seed_from_u64(mixed), writer, number: 0 }
    }

    /// The triggers of this writer.
    pub fn prepare(&self) -> String {
        (0..TRIGGERS).map(|trigger| self.make_trigger(trigger)).collect::<Vec<_>>().join(";")
    }

    pub fn next(&mut self) -> Deed {
        self.number += 1;
        match self.random.random_range(0..1000) {
            0..8 if self.writer == 0 => self.truncate(),
            0..330 => self.alone(),
            330..400 => self.of_another(),
            400..440 => self.delete_trigger(),
            440..520 => self.prepared(),
            _ => self.transaction(),
        }
    }

    fn deed(steps: Vec<Step>) -> Deed {
        Deed { may_be_refused: false, truncates: false, prepares: false, steps }
    }

    /// What a transaction would do, without one.
    fn alone(&mut self) -> Deed {
        Self::deed(self.step())
    }

    /// Changes a row of another writer, and inserts one that others may insert too.
    fn of_another(&mut self) -> Deed {
        let other = self.random.random_range(0..WRITERS);
        let row = self.random.random_range(0..ROWS);
        let shared = self.random.random_range(0..200);
        let (status, duration, moment) = (self.status(), self.duration(), self.moment());
        Self::deed(vec![
            Step::Run(format!(
                "update public.action_results set status = '{status}', duration_ms = {duration} where id = 'w{other}-{row}'"
            )),
            Step::Run(format!(
                "delete from public.action_results where id = 'shared-{}'",
                self.random.random_range(0..200)
            )),
            Step::Run(format!(
                "insert into public.action_results (id, job_id, action_type, status, executed_at, duration_ms)
                values ('shared-{shared}', 'j', 'shared', '{status}', {moment}, {duration}) on conflict do nothing"
            )),
        ])
    }

    fn truncate(&mut self) -> Deed {
        let mut steps = vec![Step::Run("begin".to_owned()), Step::Run("truncate public.action_results".to_owned())];
        steps.extend((0..3).map(|_| self.insert()));
        steps.push(Step::Run(if self.random.random_bool(0.7) { "commit" } else { "rollback" }.to_owned()));
        Deed { truncates: true, ..Self::deed(steps) }
    }

    fn delete_trigger(&mut self) -> Deed {
        let trigger = self.random.random_range(0..TRIGGERS);
        let delete = format!("delete from public.triggers where id = 'w{}-{trigger}'", self.writer);
        Self::deed(vec![Step::Run(delete), Step::Run(self.make_trigger(trigger))])
    }

    fn prepared(&mut self) -> Deed {
        let name = format!("w{}-{} {{database}}", self.writer, self.number);
        let end = if self.random.random_bool(0.8) { "commit" } else { "rollback" };
        let mut steps = vec![Step::Run("begin".to_owned())];
        steps.extend(self.some_steps());
        steps.push(Step::Run(format!("prepare transaction '{name}'")));
        steps.push(self.pause());
        steps.push(Step::Run(format!("{end} prepared '{name}'")));
        Deed { prepares: true, ..Self::deed(steps) }
    }

    fn transaction(&mut self) -> Deed {
        let level =
            ["read committed", "read committed", "repeatable read", "serializable"][self.random.random_range(0..4)];
        let mut steps = vec![Step::Run(format!("begin isolation level {level}"))];
        steps.extend(self.some_steps());
        if self.random.random_bool(0.3) {
            steps.push(self.pause());
        }
        if self.random.random_bool(0.3) {
            steps.push(Step::Run("savepoint s".to_owned()));
            steps.extend(self.some_steps());
            steps.push(Step::Run(if self.random.random_bool(0.6) { "rollback to s" } else { "release s" }.to_owned()));
            steps.extend(self.some_steps());
        }
        steps.push(Step::Run(if self.random.random_bool(0.85) { "commit" } else { "rollback" }.to_owned()));
        Deed { may_be_refused: level != "read committed", ..Self::deed(steps) }
    }

    fn pause(&mut self) -> Step {
        let longest = if self.random.random_bool(0.03) { 2000 } else { 80 };
        Step::Pause(Duration::from_millis(self.random.random_range(0..longest)))
    }

    fn some_steps(&mut self) -> Vec<Step> {
        (0..self.random.random_range(1..4)).flat_map(|_| self.step()).collect()
    }

    /// Something done to rows of its own.
    fn step(&mut self) -> Vec<Step> {
        match self.random.random_range(0..10) {
            0..5 => vec![self.insert()],
            5 => vec![self.batch()],
            6 => self.copy(),
            7 => vec![Step::Run(format!("delete from public.action_results where {}", self.own_row()))],
            _ => vec![self.update()],
        }
    }

    fn insert(&mut self) -> Step {
        Step::Run(format!("insert into public.action_results ({COLUMNS}) values {} {REPLACE}", self.row()))
    }

    fn batch(&mut self) -> Step {
        let mut rows: Vec<_> = (0..self.random.random_range(2..40)).map(|_| self.row()).collect();
        // The same row twice in one statement is an error of the writer's.
        rows.sort_by_key(|row| row.split_once(',').map(|(id, _)| id.to_owned()));
        rows.dedup_by_key(|row| row.split_once(',').map(|(id, _)| id.to_owned()));
        Step::Run(format!("insert into public.action_results ({COLUMNS}) values {} {REPLACE}", rows.join(",")))
    }

    /// Rows that are copied in, instead of those that were so before.
    fn copy(&mut self) -> Vec<Step> {
        let ids: Vec<_> = (0..30).map(|row| format!("w{}-copied-{row}", self.writer)).collect();
        let lines: Vec<_> = ids[..self.random.random_range(1..30)]
            .iter()
            .map(|id| {
                let moment =
                    ["now", "yesterday", "today", "infinity", "-infinity", "\\N"][self.random.random_range(0..6)];
                let duration = self.random.random_range(0..90);
                format!("{id}\tj\t\\N\tcopied\t{}\t{moment}\t{duration}\t\\N\n", self.status())
            })
            .collect();
        let delete = format!("delete from public.action_results where id = any ('{{{}}}')", ids.join(","));
        vec![Step::Run(delete), Step::Copy(lines.concat())]
    }

    fn update(&mut self) -> Step {
        let change = match self.random.random_range(0..6) {
            0 | 1 => format!("status = '{}'", self.status()),
            2 => format!("duration_ms = {}", self.duration()),
            3 => format!("executed_at = {}", self.moment()),
            4 => format!("trigger_id = {}", self.trigger()),
            _ => format!("retry_count = {}", self.random.random_range(0..4)),
        };
        Step::Run(format!("update public.action_results set {change} where {}", self.own_row()))
    }

    fn own_row(&mut self) -> String {
        format!("id = 'w{}-{}'", self.writer, self.random.random_range(0..ROWS))
    }

    fn row(&mut self) -> String {
        let row = self.random.random_range(0..ROWS);
        let kind = ["rest", "mail", "deploy"][self.random.random_range(0..3)];
        let retries = ["null", "0", "1", "5"][self.random.random_range(0..4)];
        let (trigger, status, moment, duration) = (self.trigger(), self.status(), self.moment(), self.duration());
        format!("('w{}-{row}', 'j', {trigger}, '{kind}', '{status}', {moment}, {duration}, {retries})", self.writer)
    }

    fn trigger(&mut self) -> String {
        let trigger = self.random.random_range(0..=TRIGGERS);
        if trigger == TRIGGERS { "null".to_owned() } else { format!("'w{}-{trigger}'", self.writer) }
    }

    fn make_trigger(&self, trigger: u32) -> String {
        format!(
            "insert into public.triggers (id, name) values ('w{0}-{trigger}', 't') on conflict do nothing",
            self.writer
        )
    }

    fn status(&mut self) -> &'static str {
        ["success", "success", "failed", "retrying"][self.random.random_range(0..4)]
    }

    fn duration(&mut self) -> String {
        match self.random.random_range(0..20) {
            0 => "null".to_owned(),
            1 => "0".to_owned(),
            2 => "-5".to_owned(),
            3 => i32::MAX.to_string(),
            _ => self.random.random_range(1..5000).to_string(),
        }
    }

    fn moment(&mut self) -> String {
        match self.random.random_range(0..24) {
            0 => "null".to_owned(),
            1 => "'infinity'".to_owned(),
            2 => "'-infinity'".to_owned(),
            3 => "clock_timestamp() + interval '3 years'".to_owned(),
            4 => "clock_timestamp() + interval '300 milliseconds'".to_owned(),
            5 => "now()".to_owned(),
            6 => "clock_timestamp() - interval '100 milliseconds'".to_owned(),
            7 => "'1999-12-31 23:00:00+00'".to_owned(),
            8..12 => format!("clock_timestamp() - interval '{} hours'", self.random.random_range(0..900)),
            _ => "clock_timestamp()".to_owned(),
        }
    }
}

pub const COLUMNS: &str = "id, job_id, trigger_id, action_type, status, executed_at, duration_ms, retry_count";
const REPLACE: &str = "on conflict (id) do update set trigger_id = excluded.trigger_id, status = excluded.status,
    executed_at = excluded.executed_at, duration_ms = excluded.duration_ms, retry_count = excluded.retry_count";

#[test]
fn the_same_seed_makes_up_the_same() {
    let deeds = |seed, writer| {
        let mut script = Script::new(seed, writer);
        (0..500).map(|_| script.next()).collect::<Vec<_>>()
    };
    assert_eq!(deeds(7, 3), deeds(7, 3));
    assert_ne!(deeds(7, 3), deeds(8, 3));
    assert_ne!(deeds(7, 3), deeds(7, 4));
}
