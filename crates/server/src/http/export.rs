//! Panels as files: `/export/actions/executions.csv?range=7d`.

use std::{sync::Arc, time::Duration};

use app::snapshot::{Theme, View};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use domain::{
    access::Scope,
    export::{Export, Format, ROWS},
    panel::AnyPanel,
    query::Query,
};
use render::ChartRequest;
use tokio::{sync::OwnedSemaphorePermit, task::spawn_blocking};

use crate::{
    exports::{self, CHART_HEIGHT, CHART_WIDTH, Poster},
    http::{
        page::{parameter, viewer},
        routes::Known,
    },
    views::For,
};

/// Files that are made at once; whoever asks for more waits.
pub const PLACES: usize = 4;

/// How long to wait for a place.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no file, in words for people.
struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let retry = (self.0 == StatusCode::SERVICE_UNAVAILABLE).then_some([(header::RETRY_AFTER, "10")]);
        (self.0, [(header::CACHE_CONTROL, "no-store")], retry, format!("{}\n", self.1)).into_response()
    }
}

/// A panel as a file.
pub async fn export(
    State(state): State<super::State>,
    Known(caller): Known,
    address: Uri,
    headers: HeaderMap,
) -> Response {
    answer(&state, &caller.scope, &address, &headers).await.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(state: &super::State, sees: &Scope, address: &Uri, headers: &HeaderMap) -> Result<Response, Refusal> {
    let not_found = |reason: String| Refusal(StatusCode::NOT_FOUND, reason);
    let export = Export::from_path(address.path()).map_err(|reason| not_found(reason.to_string()))?;
    let (query, _) = Query::parse(address.query().unwrap_or_default(), viewer(headers));
    // A file holds the whole list, wherever in it somebody is.
    let query = query.first_page();
    let theme = theme(address)?;
    let place = tokio::time::timeout(PATIENCE, state.exports.clone().acquire_owned()).await;
    let Ok(Ok(place)) = place else {
        return Err(unavailable("Many files are being made at the moment; try again in a few seconds."));
    };
    state.audience.ask();
    let (view, _) = state.views.view(sees, &export.page, &query, For::OpenPage).await;
    let view = view.ok_or_else(|| unavailable("There is no data to export yet, or the database does not answer."))?;
    let panels = view.data.panels();
    let Some(panel) = panels.iter().find(|panel| panel.name() == export.panel) else {
        let names: Vec<_> = panels.iter().map(|panel| panel.name()).collect();
        return Err(not_found(format!(
            "{} has no panel “{}”; it has {}.",
            export.page.title(),
            export.panel,
            names.join(", ")
        )));
    };
    let name = export.file_name(&panel.heading(), view.data_as_of);
    let (format, body) = match export.format {
        Format::Csv => {
            let own = panel.numbers(&query);
            (Format::Csv, lines((state, sees), export, query, view.clone(), own, place).await?)
        }
        format => (format, picture(state, &export, &query, &view, *panel, theme).await?),
    };
    Ok(file(&name, format, body))
}

fn file(name: &str, format: Format, body: Body) -> Response {
    let fixed = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, format.content_type())];
    let named = [(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    let limit = (format == Format::Csv).then(|| [("tidemark-row-limit", ROWS.to_string())]);
    (fixed, named, limit, body).into_response()
}

/// `theme=light` or `theme=dark`: what the picture is to look like.
fn theme(address: &Uri) -> Result<Theme, Refusal> {
    let Some(word) = parameter(address, "theme") else { return Ok(Theme::Light) };
    let refusal = || Refusal(StatusCode::BAD_REQUEST, "“theme” may be light or dark.".to_owned());
    Theme::from_word(&word).ok_or_else(refusal)
}

fn unavailable(reason: &str) -> Refusal {
    Refusal(StatusCode::SERVICE_UNAVAILABLE, reason.to_owned())
}

async fn lines(
    (state, sees): (&super::State, &Scope),
    export: Export,
    query: Query,
    view: Arc<View>,
    own: domain::table::Table,
    place: OwnedSemaphorePermit,
) -> Result<Body, Refusal> {
    let lines = exports::stream((state.pool.clone(), sees.clone()), export, query, view, own, place).await;
    let lines = lines.map_err(|error| {
        tracing::warn!(%error, "a panel could not be exported");
        unavailable("The database did not answer in time; try again in a few seconds.")
    })?;
    Ok(Body::from_stream(lines))
}

/// The chart of a panel, drawn with all that it needs to stand alone.
async fn picture(
    state: &super::State,
    export: &Export,
    query: &Query,
    view: &View,
    panel: &dyn AnyPanel,
    theme: Theme,
) -> Result<Body, Refusal> {
    let Some(chart) = view.charts.get(panel.name()) else {
        let reason = format!("“{}” is a table and has no chart; it can be had as .csv.", panel.name());
        return Err(Refusal(StatusCode::NOT_FOUND, reason));
    };
    let failed = |error: render::RenderError| {
        tracing::error!(%error, "a chart could not be exported");
        Refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The chart could not be drawn; its numbers can be had as .csv.".to_owned(),
        )
    };
    let option = chart.option();
    let request = ChartRequest { id: "chart".to_owned(), option, width: CHART_WIDTH, height: CHART_HEIGHT };
    let option = request.option.clone();
    let drawn = state.views.drawing(request).await;
    let drawn =
        drawn.ok_or_else(|| unavailable("This server was built without what draws charts."))?.map_err(failed)?;
    let (title, sentence, foot) = (panel.heading(), panel.says(), foot(query, view));
    let annotations = &view.annotations.list;
    let poster = Poster {
        title: &title,
        sentence: &sentence,
        option: &option,
        chart: &drawn,
        annotations,
        zone: query.zone,
        foot: &foot,
    };
    let drawing = poster.draw(theme);
    if export.format == Format::Svg {
        return Ok(drawing.into());
    }
    let picture = spawn_blocking(move || render::png(&drawing)).await.map_err(|error| {
        tracing::error!(%error, "a picture was not made");
        unavailable("The picture could not be made; try again, or take the .svg.")
    })?;
    Ok(picture.map_err(failed)?.into())
}

/// What a picture is about, and as of when.
fn foot(query: &Query, view: &View) -> String {
    let is_filter = |name: &str| !matches!(name, "range" | "compare" | "tz");
    let filters = query.parameters().into_iter().filter(|(name, _)| is_filter(name));
    let filters: String = filters.map(|(name, value)| format!(" · {name} {value}")).collect();
    let as_of = query.zone.at(view.data_as_of).format("%-d %b %Y %H:%M:%S %Z");
    format!("{}{filters} · as of {as_of} · times in {} · Tidemark", query.span().title(), query.zone)
}
