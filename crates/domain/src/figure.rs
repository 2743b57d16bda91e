//! The charts there are, by name and size. What they draw is in the crate `charts`.

use serde::{Deserialize, Serialize};

/// Every chart there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Executions per hour by status, with the success rate.
    Executions,
    /// Percentiles of durations per hour.
    Durations,
    /// Executions by action type and status.
    ActionTypes,
}

/// All of [`Figure`], to draw them one after the other.
pub const FIGURES: [Figure; 3] = [Figure::Executions, Figure::Durations, Figure::ActionTypes];

/// The room that a chart drawn on the server has. In the browser it takes what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Room {
    /// A panel on a desk.
    Wide,
    /// A panel on a telephone.
    Narrow,
}

/// Both of [`Room`]: a page holds a drawing for each, and the style sheet shows the one that fits.
pub const ROOMS: [Room; 2] = [Room::Wide, Room::Narrow];

impl Figure {
    /// A name for ids, classes and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Executions => "executions",
            Self::Durations => "durations",
            Self::ActionTypes => "action-types",
        }
    }

    /// Width and height in CSS pixels: what a panel has on a page of 1440 or 390 pixels. The height is the same in every
    /// room, so that nothing moves when scripts arrive.
    #[must_use]
    pub fn size(self, room: Room) -> (u32, u32) {
        match (self, room) {
            (Self::Executions, Room::Wide) => (888, 248),
            (_, Room::Wide) => (420, 248),
            (_, Room::Narrow) => (324, 248),
        }
    }
}

impl Room {
    /// A name for ids and classes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
        }
    }
}
