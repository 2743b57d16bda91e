//! A believable past, the same for the same settings.

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Utc, Weekday};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use store::import::{Row, Trigger};

use super::catalog::{CHANNELS, Channel, EVENTS, FAILING_ERROR, INCIDENTS, ORGANIZATIONS};
use super::sampling::{happens, log_normal_ms, one_of, wait};

/// Triggers there are.
pub const TRIGGERS: usize = 100;
/// The trigger that fails most of the time.
pub const FAILING: usize = 17;
/// The trigger that is enabled and does nothing any more.
pub const IDLE: usize = 41;
/// The trigger whose executions take seconds.
pub const SLOW: usize = 26;
/// Days since the idle trigger ran.
const IDLE_DAYS: i64 = 9;
/// Executions of one job, at most.
const ATTEMPTS: i32 = 4;
/// A day at the weekend against one within the week.
const WEEKEND: f64 = 0.55;

/// What history to make up.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How many days it has.
    pub days: u32,
    /// Executions on an average day.
    pub executions_per_day: u32,
    /// Where chance begins.
    pub seed: u64,
    /// When it ends.
    pub end: DateTime<Utc>,
}

/// One execution of an action.
#[derive(Debug, Clone)]
pub struct Execution {
    /// Number of the trigger.
    pub trigger: usize,
    /// Number of the job; executions that try again have the same.
    pub job: u64,
    /// How it ended.
    pub status: &'static str,
    /// When it was executed.
    pub executed_at: DateTime<Utc>,
    /// How long it took, in milliseconds; `None` when it never began.
    pub duration_ms: Option<i32>,
    /// What went wrong.
    pub error_message: Option<&'static str>,
    /// Executions of the job before this one.
    pub retry_count: i32,
    texts: Texts,
}

#[derive(Debug, Clone, Default)]
struct Texts {
    id: String,
    job_id: String,
    trigger_id: String,
    event_id: String,
    response_data: Option<String>,
}

impl Execution {
    /// How its trigger acts.
    pub fn channel(&self) -> &'static Channel {
        channel_of(self.trigger)
    }

    /// As it is imported.
    pub fn row(&self, line: u64) -> Row<'_> {
        Row {
            file_number: 1,
            line,
            id: Some(&self.texts.id),
            content_hash: None,
            job_id: &self.texts.job_id,
            trigger_id: Some(&self.texts.trigger_id),
            event_id: Some(&self.texts.event_id),
            action_type: self.channel().action_type,
            status: self.status,
            executed_at: Some(self.executed_at),
            duration_ms: self.duration_ms,
            error_message: self.error_message,
            response_data: self.texts.response_data.as_deref(),
            retry_count: Some(self.retry_count),
        }
    }
}

/// Gives all executions, oldest first.
pub struct History {
    settings: Settings,
    chance: StdRng,
    hour: DateTime<Utc>,
    jobs: u64,
    /// Executions that are known and not given yet: of this hour, oldest last, or tried again in a later one.
    ready: Vec<Execution>,
    later: Vec<Execution>,
}

impl History {
    /// Begins at the first hour.
    pub fn new(settings: &Settings) -> Self {
        Self {
            settings: *settings,
            chance: StdRng::seed_from_u64(settings.seed),
            hour: settings.end - TimeDelta::days(settings.days.into()),
            jobs: 0,
            ready: Vec::new(),
            later: Vec::new(),
        }
    }

    /// All triggers.
    pub fn triggers(&self) -> Vec<Trigger> {
        let trigger = |number| Trigger {
            id: trigger_id(number),
            name: format!("{} → {}", EVENTS[number / CHANNELS.len()], channel_of(number).name),
            organization: Some(ORGANIZATIONS[(number + number / CHANNELS.len()) % ORGANIZATIONS.len()].to_owned()),
            enabled: Some(true),
        };
        (0..TRIGGERS).map(trigger).collect()
    }

    fn next_hour(&mut self) {
        let hour_end = (self.hour + TimeDelta::hours(1)).min(self.settings.end);
        let mut executions = std::mem::take(&mut self.later);
        for trigger in 0..TRIGGERS {
            let per_hour = f64::from(self.settings.executions_per_day) / 24.0 * share(trigger) * rhythm(self.hour);
            let mut hours = wait(&mut self.chance, per_hour);
            while hours < 1.0 {
                let at = self.hour + milliseconds(hours * 3_600_000.0);
                self.run_job(trigger, at, &mut executions);
                hours += wait(&mut self.chance, per_hour);
            }
        }
        (self.ready, self.later) = executions.into_iter().partition(|execution| execution.executed_at < hour_end);
        self.ready.sort_by_key(|execution| std::cmp::Reverse(execution.executed_at));
        self.hour = hour_end;
    }

    /// Executes a job until it succeeds or is given up.
    fn run_job(&mut self, trigger: usize, at: DateTime<Utc>, executions: &mut Vec<Execution>) {
        if trigger == IDLE && at > self.settings.end - TimeDelta::days(IDLE_DAYS) {
            return;
        }
        self.jobs += 1;
        let mut at = at;
        for attempt in 0..ATTEMPTS {
            let execution = self.execute(trigger, at, attempt);
            let again = execution.status == "retrying";
            at += milliseconds(f64::from(execution.duration_ms.unwrap_or(0)));
            executions.push(execution);
            if !again {
                break;
            }
            at += milliseconds(30_000.0 * 3_f64.powi(attempt) * (0.5 + wait(&mut self.chance, 2.0)));
        }
    }

    fn execute(&mut self, trigger: usize, at: DateTime<Utc>, attempt: i32) -> Execution {
        let channel = channel_of(trigger);
        let incident = INCIDENTS.iter().find(|incident| {
            let begin = self.settings.end - TimeDelta::hours(incident.hours_ago);
            incident.action_type == channel.action_type
                && at >= begin
                && at < begin + TimeDelta::minutes(incident.minutes)
        });
        let (failing, errors): (f64, &[&'static str]) = match incident {
            _ if trigger == FAILING => (0.7, &[FAILING_ERROR]),
            Some(incident) => (0.6, incident.errors),
            // What failed once fails more often than usual when it is tried again.
            None => (if attempt == 0 { 0.03 } else { 0.15 }, channel.errors),
        };
        let error_message = happens(&mut self.chance, failing).then(|| *one_of(&mut self.chance, errors));
        let gives_up = attempt + 1 == ATTEMPTS || trigger == FAILING || happens(&mut self.chance, 0.3);
        let status = match error_message {
            None => "success",
            Some(_) if gives_up => "failed",
            Some(_) => "retrying",
        };
        let slowness = if trigger == SLOW {
            22.0
        } else if error_message.is_some() {
            3.0
        } else {
            1.0
        };
        let began = error_message.is_none() || happens(&mut self.chance, 0.9);
        let duration_ms = began.then(|| log_normal_ms(&mut self.chance, channel.median_ms * slowness, channel.spread));
        let texts = Texts {
            id: String::new(),
            job_id: format!("job-{:07}", self.jobs),
            trigger_id: trigger_id(trigger),
            event_id: format!("event-{:07}", self.jobs),
            response_data: response(&mut self.chance, channel, error_message.is_some()),
        };
        let job = self.jobs;
        Execution { trigger, job, status, executed_at: at, duration_ms, error_message, retry_count: attempt, texts }
    }
}

impl Iterator for History {
    type Item = Execution;

    fn next(&mut self) -> Option<Execution> {
        while self.ready.is_empty() {
            if self.hour >= self.settings.end {
                return None;
            }
            self.next_hour();
        }
        let mut execution = self.ready.pop()?;
        execution.texts.id = format!("demo-{:07}-{}", execution.job, execution.retry_count);
        Some(execution)
    }
}

fn channel_of(trigger: usize) -> &'static Channel {
    &CHANNELS[trigger % CHANNELS.len()]
}

fn trigger_id(number: usize) -> String {
    format!("demo-{number:03}")
}

/// The part of all executions that one trigger has: few triggers run often, many seldom.
fn share(trigger: usize) -> f64 {
    // Ranks are scattered, so that no organization or action type has all the busy ones.
    let weight = |trigger: usize| 1.0 / f64::from(u32::try_from(trigger * 37 % TRIGGERS + 6).unwrap_or(u32::MAX));
    weight(trigger) / (0..TRIGGERS).map(weight).sum::<f64>()
}

/// How busy an hour is against the average: most in the afternoon, least before dawn and at the weekend.
fn rhythm(hour: DateTime<Utc>) -> f64 {
    let angle = (f64::from(hour.hour()) - 15.0) / 24.0 * std::f64::consts::TAU;
    let weekend = matches!(hour.weekday(), Weekday::Sat | Weekday::Sun);
    (1.0 + 0.6 * angle.cos()) * if weekend { WEEKEND } else { 1.0 } * 7.0 / (5.0 + 2.0 * WEEKEND)
}

#[allow(clippy::cast_possible_truncation, reason = "spans of minutes, far below 2^53 ms")]
fn milliseconds(span: f64) -> TimeDelta {
    TimeDelta::milliseconds(span as i64)
}

/// What some answers hold.
fn response(chance: &mut StdRng, channel: &Channel, failed: bool) -> Option<String> {
    let code = if failed { 503 } else { 200 };
    match channel.action_type {
        "rest" => happens(chance, 0.4).then(|| format!("{{\"status_code\": {code}, \"attempted_by\": \"worker-3\"}}")),
        "mcp" if !failed => {
            happens(chance, 0.3).then(|| r#"{"tool": "notify_owner", "content": [{"type": "text"}]}"#.to_owned())
        }
        _ => None,
    }
}
