//! The room that a chart has.

/// How wide the panel of a chart is on a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Two thirds of the page.
    Wide,
    /// A third of it.
    Side,
    /// Half of it.
    Half,
    /// All of it.
    Full,
}

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

/// Height of every chart in CSS pixels, the same in every room, so that nothing moves when scripts arrive.
pub const HEIGHT: u32 = 248;

impl Size {
    /// Width in CSS pixels: what a panel has on a page of 1440 or 390 pixels.
    #[must_use]
    pub fn width(self, room: Room) -> u32 {
        match (self, room) {
            (Self::Wide, Room::Wide) => 888,
            (Self::Side, Room::Wide) => 420,
            (Self::Half, Room::Wide) => 654,
            (Self::Full, Room::Wide) => 1356,
            (_, Room::Narrow) => 324,
        }
    }

    /// The class of such a panel.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Wide => "panel-wide",
            Self::Side => "panel-side",
            Self::Half => "panel-half",
            Self::Full => "panel-full",
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
