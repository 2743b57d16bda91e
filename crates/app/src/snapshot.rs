//! What a page is drawn from: the last data the server could read, and what it knows about its age.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    figure::{Figure, Room},
    freshness::Freshness,
    overview::Overview,
};
use serde::{Deserialize, Serialize};

/// The last data the server could read. It stays when the database goes away. All parts are of the same look at it.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// How fresh the data is.
    pub freshness: Freshness,
    /// What the panels show; `None` before the first look.
    pub dashboard: Option<Arc<Dashboard>>,
    /// The charts as SVG; one that could not be drawn is missing, its numbers still show.
    pub drawings: Arc<Drawings>,
}

/// What the panels show: the data, and what the chart library draws of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// The data.
    pub overview: Overview,
    /// The option of each chart as JSON: the server's drawings are made from the very same.
    pub options: BTreeMap<Figure, String>,
}

/// A drawing for each figure and room.
pub type Drawings = BTreeMap<(Figure, Room), String>;
