//! `/api/v1/annotations`: what is marked on the charts, to be listed, added and removed by programs, such as the script
//! that deploys.

use axum::{
    Json,
    extract::rejection::JsonRejection,
    extract::{Path, State},
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    annotations::{Draft, Fields},
    zone::Zone,
};
use serde_json::json;
use store::StoreError;

use crate::{
    access::Identity,
    http::{State as Server, annotations, page::parameter, problem::Problem},
};

/// Annotations of an answer, at most, and how many unless asked otherwise.
const MOST: i64 = 500;
const USUAL: i64 = 100;

/// How far back an answer reaches unless asked otherwise, and how far it reaches at most.
const USUAL_DAYS: i64 = 30;
const MOST_DAYS: i64 = 366;

/// What to ask for.
struct Asked {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
}

/// `GET ?from=…&until=…&limit=…`: the newest annotations that touch a time, oldest first.
pub async fn list(State(state): State<Server>, address: Uri) -> Result<Response, Problem> {
    let Asked { from, until, limit } = Asked::read(&address, Utc::now())?;
    let found = store::annotations::list(&state.pool, from, until, limit).await.map_err(|error| lost(&error))?;
    let metadata = json!({
        "generated_at": Utc::now(), "from": from, "until": until, "limit": limit, "has_more": found.has_more,
    });
    let answer = Json(json!({ "data": found.list, "metadata": metadata }));
    Ok(([(header::CACHE_CONTROL, "no-store")], answer).into_response())
}

/// `POST {"kind": "deploy", "text": "version 2.4", "at": "…", "until": "…"}`: adds an annotation. Without `at` it is now;
/// without `until` it is a moment. Times without an offset are UTC.
pub async fn add(
    State(state): State<Server>,
    identity: Identity,
    body: Result<Json<Fields>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(fields) = body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let draft = Draft::read(&fields, Zone::UTC, Utc::now()).map_err(|problems| {
        let received = |field| match field {
            "kind" => &fields.kind,
            "at" => &fields.at,
            "until" => &fields.until,
            _ => &fields.text,
        };
        let whole = Problem::bad_request("The annotation makes no sense and was not kept.");
        problems.iter().fold(whole, |whole, problem| {
            whole.naming(problem.field, &problem.message, &beginning(received(problem.field)))
        })
    })?;
    let added = annotations::add(&state, &identity, draft).await.map_err(|error| lost(&error))?;
    let place = [(header::LOCATION, format!("/api/v1/annotations/{}", added.id))];
    Ok((StatusCode::CREATED, place, [(header::CACHE_CONTROL, "no-store")], Json(json!({ "data": added })))
        .into_response())
}

/// `DELETE`: removes an annotation.
pub async fn remove(
    State(state): State<Server>,
    identity: Identity,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let number = id.parse().map_err(|_| {
        let whole = Problem::bad_request("An annotation is named by its number.");
        whole.naming("id", "This is to be a whole number, as in /api/v1/annotations/17.", &beginning(&id))
    })?;
    if !annotations::remove(&state, &identity, number).await.map_err(|error| lost(&error))? {
        return Err(Problem::new(StatusCode::NOT_FOUND, format!("There is no annotation {number}, or not any more.")));
    }
    Ok(StatusCode::NO_CONTENT)
}

impl Asked {
    fn read(address: &Uri, now: DateTime<Utc>) -> Result<Self, Problem> {
        let given = |name| parameter(address, name).filter(|value| !value.is_empty());
        let bad = |name: &str, expected: &str, value: &str| {
            Problem::bad_request(format!("“{name}” makes no sense.")).naming(name, expected, &beginning(value))
        };
        let moment = |name| match given(name) {
            None => Ok(None),
            Some(value) => value
                .parse::<DateTime<Utc>>()
                .map(Some)
                .map_err(|_| bad(name, "A moment with its offset, as in 2026-11-24T09:30:00Z.", &value)),
        };
        // What is about to come is marked, too.
        let until = moment("until")?.unwrap_or(now + TimeDelta::days(1));
        let from = moment("from")?.unwrap_or(until - TimeDelta::days(USUAL_DAYS));
        let length = until.signed_duration_since(from);
        if length <= TimeDelta::zero() || length > TimeDelta::days(MOST_DAYS) {
            let expected = format!("A moment before “until”, and at most {MOST_DAYS} days before it.");
            return Err(bad("from", &expected, &from.to_rfc3339()));
        }
        let limit = given("limit").map_or(Ok(USUAL), |value| {
            let limit = value.parse().ok().filter(|limit| (1..=MOST).contains(limit));
            limit.ok_or_else(|| bad("limit", &format!("A whole number from 1 to {MOST}."), &value))
        })?;
        Ok(Self { from, until, limit })
    }
}

fn lost(error: &StoreError) -> Problem {
    tracing::warn!(%error, "annotations could not be read or changed");
    Problem::unreachable()
}

/// What was received, its beginning at least.
fn beginning(value: &str) -> String {
    value.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn asked(query: &str) -> Result<Asked, Problem> {
        Asked::read(&format!("/api/v1/annotations?{query}").parse().unwrap(), "2026-11-24T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn without_parameters_it_is_the_last_month_and_the_next_day() {
        let Asked { from, until, limit } = asked("").unwrap();
        assert_eq!(
            (from.to_rfc3339().as_str(), until.to_rfc3339().as_str(), limit),
            ("2026-10-26T12:00:00+00:00", "2026-11-25T12:00:00+00:00", 100)
        );
        assert_eq!(
            asked("limit=500&from=2026-11-24T00:00:00%2B01:00").unwrap().from.to_rfc3339(),
            "2026-11-23T23:00:00+00:00"
        );
    }

    #[test]
    fn a_bad_parameter_is_named_with_its_bounds() {
        for (query, named) in [
            ("limit=501", "1 to 500"),
            ("limit=x", "1 to 500"),
            ("from=yesterday", "2026-11-24T09:30:00Z"),
            ("from=2026-11-26T00:00:00Z", "before “until”"),
            ("from=2020-01-01T00:00:00Z", "at most 366 days"),
        ] {
            let problem = format!("{:?}", asked(query).err().unwrap());
            assert!(problem.contains(named), "{query}: {problem}");
        }
    }
}
