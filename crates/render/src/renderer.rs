use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tokio::sync::{mpsc, oneshot};

use crate::{
    ChartRequest, RenderError, Settings,
    engine::{Engine, Failure, THREAD_STACK_BYTES},
};

/// Draws charts as SVG. Clones share the same engines, which stop when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Renderer {
    queue: mpsc::Sender<Job>,
}

/// A chart and where its SVG goes.
#[derive(Debug)]
struct Job {
    chart: ChartRequest,
    reply: oneshot::Sender<Result<String, RenderError>>,
}

type Jobs = Arc<Mutex<mpsc::Receiver<Job>>>;

impl Renderer {
    /// Starts the engines and waits until each has loaded `script`, the bundle that sets the global `echarts`:
    /// about a tenth of a second, so not for an async task that others wait for.
    ///
    /// # Errors
    /// [`RenderError::Engine`] when a thread cannot be started or the script does not load.
    pub fn start(script: impl Into<Arc<str>>, settings: Settings) -> Result<Self, RenderError> {
        let script = script.into();
        let (queue, jobs) = mpsc::channel(settings.queue.max(1));
        let jobs: Jobs = Arc::new(Mutex::new(jobs));
        let (ready, loaded) = std::sync::mpsc::channel();
        for number in 0..settings.engines.max(1) {
            let worker = Worker { script: Arc::clone(&script), settings: settings.clone() };
            let (jobs, ready) = (Arc::clone(&jobs), ready.clone());
            thread::Builder::new()
                .name(format!("chart-engine-{number}"))
                .stack_size(THREAD_STACK_BYTES)
                .spawn(move || worker.run(&jobs, ready))
                .map_err(|error| RenderError::Engine { message: format!("no thread for it: {error}") })?;
        }
        drop(ready);
        loaded.into_iter().collect::<Result<(), RenderError>>().map(|()| Self { queue })
    }

    /// The SVG of a chart. Waits for its turn; dropping the future gives the turn away.
    ///
    /// # Errors
    /// Every kind of [`RenderError`]; after each of them the renderer goes on with the next chart.
    pub async fn svg(&self, chart: ChartRequest) -> Result<String, RenderError> {
        chart.validate()?;
        let stopped = RenderError::Stopped { chart: chart.id.clone() };
        let (reply, answer) = oneshot::channel();
        if self.queue.send(Job { chart, reply }).await.is_err() {
            return Err(stopped);
        }
        answer.await.unwrap_or(Err(stopped))
    }
}

/// What a thread needs to make an engine, and to make it again.
struct Worker {
    script: Arc<str>,
    settings: Settings,
}

impl Worker {
    /// Draws one job after another until the renderer is dropped. An engine that failed is replaced before the next.
    fn run(&self, jobs: &Jobs, ready: std::sync::mpsc::Sender<Result<(), RenderError>>) {
        let (mut engine, loaded) = match self.load() {
            Ok(engine) => (Some(engine), Ok(())),
            Err(error) => (None, Err(error)),
        };
        // Nobody listens any more where another engine failed first; then the queue is closed, too.
        drop(ready.send(loaded));
        drop(ready);
        while let Some(job) = next(jobs) {
            if job.reply.is_closed() {
                continue;
            }
            let result = self.draw(&mut engine, &job.chart);
            if let Err(error) = &result {
                tracing::warn!(%error, "a chart was not drawn");
            }
            drop(job.reply.send(result));
        }
    }

    fn draw(&self, kept: &mut Option<Engine>, chart: &ChartRequest) -> Result<String, RenderError> {
        let engine = match kept.take() {
            Some(engine) => engine,
            None => self.load()?,
        };
        let svg = engine.draw(chart).map_err(|failure| match failure {
            Failure::Timeout => RenderError::Timeout { chart: chart.id.clone(), timeout: self.settings.timeout },
            Failure::Script(message) => RenderError::Script { chart: chart.id.clone(), message },
        })?;
        *kept = Some(engine);
        Ok(svg)
    }

    fn load(&self) -> Result<Engine, RenderError> {
        Engine::load(&self.script, &self.settings).map_err(|failure| RenderError::Engine {
            message: match failure {
                Failure::Timeout => format!("its script was not loaded within {:?}", self.settings.timeout),
                Failure::Script(message) => format!("its script does not load: {message}"),
            },
        })
    }
}

/// Waits for a job; `None` once the renderer is dropped. The lock is held while waiting: engines take turns at it.
fn next(jobs: &Jobs) -> Option<Job> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
}
