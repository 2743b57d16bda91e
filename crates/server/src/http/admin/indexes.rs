//! `/admin/indexes`: what indexes there are, making one that is missing, dropping one that nobody needs.

use app::screens::{Form, Screen};
use axum::{extract::State, response::Response};
use domain::indexes::{Index, Indexes};
use serde_json::json;

use super::{refused, to_its_end, unknown};
use crate::http::{
    State as Server,
    page::parameter,
    screen::{Asked, lost, note, show as draw},
};

/// All of them.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    list(&state, &asked, Form::default()).await
}

/// Makes or drops one.
pub async fn submit(State(state): State<Server>, asked: Asked) -> Response {
    let outcome = match asked.field("does") {
        "make" => make(&state, &asked).await,
        "rebuild" => rebuild(&state, &asked).await,
        "drop" => drop(&state, &asked).await,
        _ => Err(unknown(&asked)),
    };
    list(&state, &asked, Form::of(outcome)).await
}

async fn list(state: &Server, asked: &Asked, form: Form) -> Response {
    let is_whole = parameter(&asked.address, "all").is_some();
    let (form, indexes) = match store::indexes::load(&state.pool, is_whole).await {
        Ok(indexes) => (form, indexes),
        Err(error) => (asked.refused(lost(&error)), Indexes::default()),
    };
    draw(state, asked, Screen::Indexes { form, indexes: Box::new(indexes) }).await
}

async fn make(state: &Server, asked: &Asked) -> Result<String, Form> {
    let indexes = store::indexes::load(&state.pool, false).await.map_err(refused(asked))?;
    let wanted = asked.field("index");
    let missing = indexes.missing.into_iter().find(|missing| missing.name == wanted);
    let missing = missing.ok_or_else(|| asked.refused(format!("{wanted} is not missing, or not any more.")))?;
    // One that was left half made is in the way.
    if let Some(half_made) = indexes.list.iter().find(|index| index.index_name == wanted && !index.is_valid) {
        run(state, asked, &half_made.drop_statement).await?;
    }
    run(state, asked, &missing.statement).await?;
    Ok(format!("{wanted} was made."))
}

/// Makes one anew that takes much more than it needs.
async fn rebuild(state: &Server, asked: &Asked) -> Result<String, Form> {
    let index = find(state, asked).await?;
    run(state, asked, &index.rebuild_statement).await?;
    Ok(format!("{} was made anew.", index.index_name))
}

async fn find(state: &Server, asked: &Asked) -> Result<Index, Form> {
    let indexes = store::indexes::load(&state.pool, true).await.map_err(refused(asked))?;
    let (schema, name) = (asked.field("schema"), asked.field("index"));
    let found = indexes.list.into_iter().find(|index| index.schema_name == schema && index.index_name == name);
    found.ok_or_else(|| asked.refused(format!("There is no index {name}, or not any more.")))
}

async fn drop(state: &Server, asked: &Asked) -> Result<String, Form> {
    let (index, name) = (find(state, asked).await?, asked.field("index"));
    if let Some(reason) = index.keeps() {
        return Err(asked.refused(format!("{name} stays: {reason}.")));
    }
    if asked.field("typed").trim() != name {
        return Err(asked.wrong("typed", format!("{name} to drop it; nothing was dropped")));
    }
    run(state, asked, &index.drop_statement).await?;
    Ok(format!("{name} was dropped. To have it again: {}", index.definition))
}

/// Notes what is run before it runs: what broke off half-way was begun all the same.
async fn run(state: &Server, asked: &Asked, statement: &str) -> Result<(), Form> {
    let after = Some(json!({ "runs": statement }));
    note(state, &asked.identity, "index.run", asked.field("index"), (None, after)).await.map_err(refused(asked))?;
    let (pool, running) = (state.pool.clone(), statement.to_owned());
    to_its_end(asked, async move { store::indexes::run(&pool, &running).await }).await
}
