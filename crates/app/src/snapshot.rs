//! What a page is drawn from.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    access::{Caller, Role},
    annotations::{Annotations, FieldProblem, Fields},
    choices::Choices,
    figure::{Room, Size},
    freshness::Freshness,
    page::Page,
    page_data::PageData,
    query::{Problem, Query},
};

use crate::screens::Screen;

/// Everything that one answer of the server shows.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// How fresh the data is that the page shows.
    pub freshness: Freshness,
    /// Which page; `None` where there is none at the address.
    pub page: Option<Page>,
    /// What it is asked.
    pub query: Query,
    /// What of the address makes no sense.
    pub problems: Vec<Problem>,
    /// What can be chosen in the filter bar.
    pub choices: Arc<Choices>,
    /// What it shows; `None` before the first look at the data.
    pub view: Option<Arc<View>>,
    /// The theme that the viewer chose.
    pub theme: Option<Theme>,
    /// Whether an open page asks for what is new: it draws its charts itself.
    pub is_live: bool,
    /// What was typed into a form of the page and could not be kept.
    pub attempt: Option<Attempt>,
    /// Who looks; `None` before a login.
    pub caller: Option<Caller>,
    /// What is shown instead of a page of data.
    pub screen: Option<Screen>,
}

impl Snapshot {
    /// Whether who looks may do what needs a role.
    #[must_use]
    pub fn may(&self, role: Role) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.may(role))
    }
}

/// What was typed, and why it could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempt {
    /// The fields, as they were.
    pub typed: Typed,
    /// What is wrong with them.
    pub problems: Vec<FieldProblem>,
    /// What is wrong with none of them.
    pub trouble: Option<&'static str>,
}

/// What was typed, by the form that it was typed into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// An annotation.
    Annotation(Fields),
    /// The note of a kind of error that is resolved.
    Resolution(String),
}

impl Default for Typed {
    fn default() -> Self {
        Self::Annotation(Fields::default())
    }
}

impl Attempt {
    /// What is wrong with a field.
    #[must_use]
    pub fn problem(&self, field: &str) -> Option<String> {
        self.problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.clone())
    }
}

/// The data of a page and its charts, all of the same look at the database. It stays when the database goes away.
#[derive(Debug, Clone)]
pub struct View {
    /// Which look at the data this is.
    pub data_version: i64,
    /// Every execution committed before this moment is counted.
    pub data_as_of: DateTime<Utc>,
    /// The panels.
    pub data: PageData,
    /// The charts by the name of their panel.
    pub charts: BTreeMap<&'static str, ChartView>,
    /// What was marked in the time of the page.
    pub annotations: Annotations,
    /// The trigger that is asked for, where there is none.
    pub missing_trigger: Option<String>,
}

/// A chart.
#[derive(Debug, Clone)]
pub struct ChartView {
    /// How wide its panel is.
    pub size: Size,
    /// What the live chart is made from, as JSON.
    pub json: String,
    /// The chart as SVG for each room. One that could not be drawn is missing, its numbers still show.
    pub drawings: BTreeMap<Room, String>,
}

impl ChartView {
    /// What ECharts' `setOption` takes, read back from the JSON.
    #[must_use]
    pub fn option(&self) -> serde_json::Value {
        let mut carried: serde_json::Value = serde_json::from_str(&self.json).unwrap_or_default();
        carried["option"].take()
    }
}

/// Light or dark, where the viewer does not leave it to the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The theme of a cookie's value.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    /// As cookies and the style sheet spell it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
