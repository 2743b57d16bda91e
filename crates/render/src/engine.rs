use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use rquickjs::{CatchResultExt, CaughtError, Context, Ctx, Function, Runtime, context::EvalOptions};

use crate::{ChartRequest, Settings};

/// Stack of an engine's thread, in bytes: what its scripts may use, and as much again for QuickJS itself.
pub(crate) const THREAD_STACK_BYTES: usize = 2 * SCRIPT_STACK_BYTES;
const SCRIPT_STACK_BYTES: usize = 2 << 20;

const DRAW: &str = include_str!("draw.js");

/// One QuickJS runtime with ECharts loaded. It stays on the thread that made it.
pub(crate) struct Engine {
    context: Context,
    deadline: Deadline,
}

/// Why an engine did not do what it was asked. It may hold the remains of it, so it is not to be used again.
pub(crate) enum Failure {
    /// It took longer than [`Settings::timeout`].
    Timeout,
    /// The script threw this.
    Script(String),
}

impl Engine {
    /// Starts a runtime within the limits of `settings` and evaluates `script`, which sets the global `echarts`.
    pub(crate) fn load(script: &str, settings: &Settings) -> Result<Self, Failure> {
        let runtime = Runtime::new().map_err(|error| Failure::Script(error.to_string()))?;
        runtime.set_memory_limit(settings.memory_limit_bytes);
        runtime.set_max_stack_size(SCRIPT_STACK_BYTES);
        let deadline = Deadline::new(settings.timeout);
        let watched = deadline.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || watched.has_passed())));
        let context = Context::full(&runtime).map_err(|error| Failure::Script(error.to_string()))?;
        let engine = Self { context, deadline };
        engine.run(|ctx| {
            evaluate(ctx, "draw.js", DRAW)?;
            evaluate(ctx, "echarts.js", script)
        })?;
        Ok(engine)
    }

    /// The SVG of a chart that was validated.
    pub(crate) fn draw(&self, chart: &ChartRequest) -> Result<String, Failure> {
        self.run(|ctx| {
            let draw: Function = ctx.globals().get("draw")?;
            draw.call((chart.id.as_str(), chart.option.to_string(), chart.width, chart.height))
        })
    }

    fn run<T>(&self, work: impl FnOnce(&Ctx<'_>) -> rquickjs::Result<T>) -> Result<T, Failure> {
        self.deadline.begin();
        self.context.with(|ctx| {
            work(&ctx).catch(&ctx).map_err(|error| {
                if self.deadline.has_passed() { Failure::Timeout } else { Failure::Script(describe(&error)) }
            })
        })
    }
}

/// Evaluates a script; errors name it as `file`.
fn evaluate(ctx: &Ctx<'_>, file: &str, script: &str) -> rquickjs::Result<()> {
    let mut options = EvalOptions::default();
    options.filename = Some(file.to_owned());
    ctx.eval_with_options(script, options)
}

/// The message of a JavaScript error and where it was thrown.
fn describe(error: &CaughtError<'_>) -> String {
    match error {
        CaughtError::Exception(exception) => {
            let message = exception.message().unwrap_or_default();
            let stack = exception.stack().unwrap_or_default();
            match stack.lines().next() {
                Some(innermost) => format!("{message} ({})", innermost.trim()),
                None => message,
            }
        }
        // What QuickJS throws when there is no memory left for an error.
        CaughtError::Value(value) if value.is_null() => "out of memory".to_owned(),
        CaughtError::Value(value) => format!("{value:?}"),
        CaughtError::Error(error) => error.to_string(),
    }
}

/// When the work at hand must be done; shared with the handler that QuickJS asks every now and then.
#[derive(Clone)]
struct Deadline {
    timeout: Duration,
    began: Rc<Cell<Instant>>,
}

impl Deadline {
    fn new(timeout: Duration) -> Self {
        Self { timeout, began: Rc::new(Cell::new(Instant::now())) }
    }

    fn begin(&self) {
        self.began.set(Instant::now());
    }

    fn has_passed(&self) -> bool {
        self.began.get().elapsed() >= self.timeout
    }
}
