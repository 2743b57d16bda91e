//! A fold that is walked from gap to gap, while writers of every kind do in each what they are told to.

use crate::{
    interleavings::writing::{ROW_IN_TAIL, ROWS_BEFORE, WRITINGS, Writing},
    support::{Background, Session},
};

/// What a writing does at its beginning, middle or end.
type PartOf = fn(&Writing) -> &'static str;

/// Between two steps of a fold. The numbers are those of the barriers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    BeforeWatermark = 0,
    BeforeWait = 1,
    /// No barrier: the fold waits for a writer that is open just for that.
    DuringWait = 2,
    BeforeScan = 3,
    BeforeCommit = 4,
    AfterCommit = 5,
}

pub const GAPS: [Gap; 6] =
    [Gap::BeforeWatermark, Gap::BeforeWait, Gap::DuringWait, Gap::BeforeScan, Gap::BeforeCommit, Gap::AfterCommit];

/// When the writers do what.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
    pub begin: Gap,
    pub write: Gap,
    pub end: Gap,
}

impl Moments {
    /// Whether the fold finds the writers open, and waits for them in vain.
    pub fn holds_frontier(self) -> bool {
        self.write < Gap::DuringWait && self.end > Gap::DuringWait
    }

    /// Whether the fold can be held still here: while it waits in vain, only its patience ends that.
    pub fn is_stop(self, gap: Gap) -> bool {
        !(self.holds_frontier() && gap == Gap::DuringWait)
    }
}

/// What came of a fold.
pub struct Walked {
    /// Where the fold was found in each gap.
    pub places: [Option<Gap>; 6],
    pub is_held: bool,
    pub differences: Vec<String>,
}

/// Holds folds still.
pub struct Barriers {
    session: Session,
    /// Whom the fold waits for.
    awaited: Session,
}

impl Barriers {
    /// On a database that has them.
    async fn on(url: &str) -> Self {
        Self { session: Session::connect(url).await.unwrap(), awaited: Session::connect(url).await.unwrap() }
    }

    /// Closes all of them.
    pub async fn close(&mut self) {
        self.session.run("select pg_advisory_lock(7701, place) from unnest('{0,1,3,4}'::int[]) as place").await;
    }

    /// Opens all of them.
    pub async fn open(&mut self) {
        self.session.run("select pg_advisory_unlock_all()").await;
        self.awaited.run("rollback").await;
    }

    /// Waits until the fold stops in a gap, or in a later one, and tells where.
    pub async fn arrival(&mut self, fold: &Background, gap: Gap) -> Gap {
        let question = format!(
            "select coalesce(
                (select objid::int from pg_locks where pid = {0} and locktype = 'advisory' and classid = 7701 and not granted),
                (select 2 from pg_stat_activity where pid = {0} and wait_event = 'PgSleep')
            )",
            fold.pid
        );
        loop {
            let place = self.session.value::<Option<i32>>(&question).await;
            match place.and_then(|place| GAPS.get(usize::try_from(place).unwrap())) {
                // While it waits in vain nothing holds it there.
                Some(&place) if place != Gap::DuringWait || gap == place => return place,
                None if fold.is_finished() => return Gap::AfterCommit,
                _ => tokio::time::sleep(std::time::Duration::from_millis(1)).await,
            }
        }
    }

    /// Has the fold wait for somebody, once it gets to that.
    pub async fn have_it_wait(&mut self) {
        self.awaited
            .run("begin; lock table public.action_results in row exclusive mode; select pg_current_xact_id()")
            .await;
    }

    /// Lets the fold go on.
    pub async fn leave(&mut self, gap: Gap) {
        match gap {
            Gap::DuringWait => self.awaited.run("rollback").await,
            Gap::AfterCommit => {}
            gap => self.session.run(&format!("select pg_advisory_unlock(7701, {})", gap as i32)).await,
        }
    }
}

/// Folds and writers in one database, one fold after the other.
pub struct Walker {
    /// Asks the oracle, and makes ready.
    pub asker: Session,
    pub barriers: Barriers,
    /// Makes the names of rows differ.
    pub round: u32,
    /// Nobody else writes, where this is a kind of writer.
    pub only: Option<&'static str>,
    /// Who folds, while nobody does.
    folder: Option<Session>,
    writers: Vec<(Writing, Session)>,
    url: String,
    database_name: String,
    moment: String,
}

impl Walker {
    /// On a database that has no barriers yet.
    pub async fn new(url: &str) -> Self {
        let mut session = Session::connect(url).await.unwrap();
        session.run(include_str!("../sql/barriers.sql")).await;
        Self::again(url, 0).await
    }

    /// On a database that has barriers, after so many rounds.
    pub async fn again(url: &str, round: u32) -> Self {
        let mut asker = Session::connect(url).await.unwrap();
        let barriers = Barriers::on(url).await;
        let mut writers = Vec::new();
        for writing in WRITINGS {
            writers.push((writing, Session::connect(url).await.unwrap()));
        }
        let database_name = asker.value("select current_database()::text").await;
        Self {
            asker,
            barriers,
            round,
            only: None,
            folder: None,
            writers,
            url: url.to_owned(),
            database_name,
            moment: String::new(),
        }
    }

    /// One fold, and everything that writers do to it; then what is wrong at any moment, and in the end.
    pub async fn walk(&mut self, moments: Moments) -> Walked {
        self.prepare().await;
        let fold = self.start_fold(if moments.holds_frontier() { "30ms" } else { "60s" }).await;
        let mut places = [None; 6];
        let mut differences = Vec::new();
        for gap in GAPS.into_iter().filter(|&gap| moments.is_stop(gap)) {
            places[gap as usize] = Some(self.barriers.arrival(&fold, gap).await);
            differences.extend(self.write(moments, gap).await);
            if gap == Gap::BeforeWait && !moments.holds_frontier() {
                self.barriers.have_it_wait().await;
            }
            self.barriers.leave(gap).await;
        }
        let (mut fold, outcome) = fold.outcome().await;
        if let Err(error) = outcome {
            return Walked { places, is_held: false, differences: vec![error.to_string()] };
        }
        let is_held = fold.value("select current_setting('walk.is_held')::boolean").await;
        self.folder = Some(fold);
        differences.extend(self.asker.differences_after_refresh().await);
        Walked { places, is_held, differences }
    }

    /// The rows that are there before, some folded, some not, and a moment between the frontier and the next one.
    pub async fn prepare(&mut self) {
        self.round += 1;
        self.barriers.open().await;
        if self.round.is_multiple_of(8) {
            // Few rows are compared faster than many.
            self.asker.run("truncate public.action_results").await;
        }
        for (template, is_folded) in [(ROWS_BEFORE, true), (ROW_IN_TAIL, false)] {
            let rows: Vec<_> = WRITINGS.iter().map(|writing| self.fill(template, writing.name)).collect();
            self.asker.run(&rows.join(";")).await;
            if is_folded {
                self.asker.run("select tidemark.fold()").await;
            }
        }
        self.moment = self.asker.value("select quote_literal(clock_timestamp()) || '::timestamptz'").await;
        self.barriers.close().await;
    }

    /// A fold that runs up to its first barrier.
    pub async fn start_fold(&mut self, patience: &str) -> Background {
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => Session::connect(&self.url).await.unwrap(),
        };
        folder.start(format!(
            "set tidemark.writer_wait = '{patience}';
            select set_config('walk.is_held', is_held::text, false) from tidemark.fold()"
        ))
    }

    /// Has all writers do what they do in a gap; then what is wrong as of then.
    pub async fn write(&mut self, moments: Moments, gap: Gap) -> Vec<String> {
        let mut is_idle = gap != Gap::AfterCommit;
        let steps: [(Gap, PartOf); 3] = [
            (moments.begin, |writing| writing.begin),
            (moments.write, |writing| writing.write),
            (moments.end, |writing| writing.end),
        ];
        for (_, statements) in steps.into_iter().filter(|step| step.0 == gap) {
            is_idle = false;
            for place in 0..self.writers.len() {
                let writing = self.writers[place].0;
                if self.only.is_some_and(|only| only != writing.name) {
                    continue;
                }
                let statements = self.fill(statements(&writing), writing.name);
                self.writers[place].1.run(&statements).await;
            }
        }
        if is_idle { Vec::new() } else { self.asker.live_differences().await.unwrap() }
    }

    /// Ends the prepared transactions that a crash left.
    pub async fn end_prepared(&mut self) {
        for writing in WRITINGS.iter().filter(|writing| writing.end.contains("prepared")) {
            let end = self.fill(writing.end, writing.name);
            self.asker.run(&end).await;
        }
    }

    fn fill(&self, template: &str, name: &str) -> String {
        template
            .replace("{name}", name)
            .replace("{round}", &self.round.to_string())
            .replace("{database}", &self.database_name)
            .replace("{moment}", &self.moment)
            .replace("{old}", "clock_timestamp() - interval '7 hours'")
    }
}
