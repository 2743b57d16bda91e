//! What can go wrong between a page and its server, in words for people. Details stay in the server's log.

use std::fmt;

use leptos::server_fn::{codec::JsonEncoding, error::FromServerFnError, error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a server function gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ApiError {
    /// The server has just started.
    NotReady,
    /// A refresh runs and another waits.
    AlreadyRefreshing,
    /// The database does not answer.
    DatabaseUnreachable,
    /// The refresh as a whole failed or took too long.
    RefreshFailed,
    /// One view could not be refreshed.
    ViewFailed {
        /// Its name.
        view_name: String,
    },
    /// The request did not reach the server, or was refused on the way.
    ServerUnreachable,
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReady => write!(formatter, "The server is still starting; try again in a moment."),
            Self::AlreadyRefreshing => write!(formatter, "A refresh is on its way already."),
            Self::DatabaseUnreachable => write!(formatter, "The database does not answer; Tidemark keeps trying."),
            Self::RefreshFailed => write!(formatter, "The refresh failed; the server's log says why."),
            Self::ViewFailed { view_name } => write!(formatter, "{view_name} could not be refreshed; the others were."),
            Self::ServerUnreachable => write!(formatter, "Tidemark's server does not answer; trying again."),
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::ServerUnreachable
    }
}
