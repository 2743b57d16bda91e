//! What a refresh costs after different changes: A and C in turn.

use store::Pool;

use crate::{
    Result,
    baseline::{self, VIEWS},
    engine::{Engine, Refresh, Steps},
    table::{Table, milliseconds, thousands},
    tables::{self, SECONDS},
    timing::median,
};

/// How often A is measured after each change.
const ROUNDS: usize = 3;
/// What is wanted of the engine is for a table of so many rows, or more.
pub const WANTED_FROM: u32 = 10_000_000;

/// What happens before a refresh.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    New(u32),
    Late(u32),
    Updated(u32),
    Nothing,
}

/// A change, and what is expected of a refresh after it.
#[derive(Clone, Copy)]
pub struct Scenario {
    change: Change,
    /// How many times faster than A the engine is to be.
    wanted: Option<f64>,
    /// How often C is measured for each A.
    refreshes: usize,
}

/// Those that leave the table as it was, but for a few rows.
pub const SMALL: [Scenario; 4] = [
    Scenario { change: Change::New(1_000), wanted: Some(70.0), refreshes: 3 },
    Scenario { change: Change::Late(1_000), wanted: Some(50.0), refreshes: 3 },
    Scenario { change: Change::Updated(1_000), wanted: None, refreshes: 3 },
    Scenario { change: Change::Nothing, wanted: Some(500.0), refreshes: 5 },
];

/// After this the newest hour holds far more than any other.
pub const LARGE: [Scenario; 1] = [Scenario { change: Change::New(100_000), wanted: Some(30.0), refreshes: 1 }];

/// What was measured after one kind of change.
pub struct Measured {
    scenario: Scenario,
    full: Vec<[f64; 4]>,
    engine: Vec<Refresh>,
}

/// Measures some scenarios.
pub async fn measure(pool: &Pool, triggers: u32, scenarios: &[Scenario]) -> Result<Vec<Measured>> {
    let (mut engine, mut measured) = (Engine::new(pool), Vec::new());
    for &scenario in scenarios {
        eprint!("  refreshing after {}: C ms / A ms", scenario.change.name());
        let mut times = Measured { scenario, full: Vec::new(), engine: Vec::new() };
        for _ in 0..ROUNDS {
            times.measure_round(pool, triggers, &mut engine).await?;
        }
        eprintln!();
        measured.push(times);
    }
    Ok(measured)
}

impl Change {
    fn name(self) -> String {
        match self {
            Self::New(rows) => format!("{} new rows", thousands(f64::from(rows))),
            Self::Late(rows) => format!("{} late rows over 30 days", thousands(f64::from(rows))),
            Self::Updated(rows) => format!("{} updates, retrying to success", thousands(f64::from(rows))),
            Self::Nothing => "nothing".to_owned(),
        }
    }

    async fn happen(self, pool: &Pool, triggers: u32) -> Result<()> {
        let mut connection = pool.acquire().await?;
        match self {
            Self::New(rows) => tables::insert(&mut connection, rows, triggers, 0.0).await,
            Self::Late(rows) => tables::insert(&mut connection, rows, triggers, SECONDS).await,
            Self::Updated(rows) => {
                let update = sqlx::query(include_str!("../sql/succeed_retrying.sql"));
                update.bind(i32::try_from(rows)?).bind(SECONDS).execute(&mut *connection).await?;
                Ok(())
            }
            Self::Nothing => Ok(()),
        }
    }
}

impl Measured {
    async fn measure_round(&mut self, pool: &Pool, triggers: u32, engine: &mut Engine<'_>) -> Result<()> {
        for _ in 0..self.scenario.refreshes {
            // Only this change is to be refreshed, not what came before it, nor what time has taken out of a window.
            engine.refresh().await?;
            self.scenario.change.happen(pool, triggers).await?;
            let refresh = engine.refresh().await?;
            eprint!(" {:.1}", refresh.whole_ms);
            self.engine.push(refresh);
        }
        let full = baseline::refresh(pool).await?;
        eprint!(" / {:.0},", full.iter().sum::<f64>());
        self.full.push(full);
        Ok(())
    }

    fn full_ms(&self) -> f64 {
        median(self.full.iter().map(|views| views.iter().sum()))
    }

    fn engine_ms(&self) -> f64 {
        median(self.engine.iter().map(|refresh| refresh.whole_ms))
    }

    /// The medians of the steps of C: the fold, each view, and what is left.
    fn steps(&self) -> [String; 6] {
        let of = |step: &dyn Fn(&Steps, f64) -> f64| {
            let times: Vec<f64> = self
                .engine
                .iter()
                .filter_map(|run| run.steps.as_ref().map(|steps| step(steps, run.whole_ms)))
                .collect();
            if times.is_empty() { "–".to_owned() } else { milliseconds(median(times)) }
        };
        let view = |place: usize| of(&|steps, _| steps.view_ms[place]);
        let rest = of(&|steps, whole| whole - steps.fold_ms - steps.view_ms.iter().sum::<f64>());
        [of(&|steps, _| steps.fold_ms), view(0), view(1), view(2), view(3), rest]
    }
}

/// C after 1,000 new rows.
pub fn new_rows_ms(measured: &[Measured]) -> Option<f64> {
    measured.iter().find(|times| times.scenario.change == Change::New(1_000)).map(Measured::engine_ms)
}

/// Prints the comparison, and what C consists of.
pub fn print(measured: &[Measured], rows: u32) {
    let heads = ["refresh after …", "A: four full refreshes", "C: the engine", "A / C", "at least", ""];
    let mut comparison = Table::new("", &heads);
    let heads = ["refresh after …", "fold", VIEWS[0], VIEWS[1], VIEWS[2], VIEWS[3], "the rest"];
    let mut steps = Table::new("the steps of C, as logged, where a run had anything to log", &heads);
    for times in measured {
        let (name, wanted) = (times.scenario.change.name(), times.scenario.wanted.filter(|_| rows >= WANTED_FROM));
        comparison.row_at_least(&name, times.full_ms(), times.engine_ms(), wanted);
        steps.row([name].into_iter().chain(times.steps()));
    }
    let full: Vec<[f64; 4]> = measured.iter().flat_map(|times| times.full.iter().copied()).collect();
    let view = |place: usize| milliseconds(median(full.iter().map(|views| views[place])));
    let full = ["A, any".to_owned(), "–".to_owned()].into_iter().chain((0..4).map(view));
    steps.row(full.chain(["–".to_owned()]));
    comparison.print();
    steps.print();
}
