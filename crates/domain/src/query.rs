//! What a page is asked: the one state of the dashboard, which is its address.

mod problem;

use std::fmt::Write;

use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::{
    breakdown::Breakdown,
    cursor::Cursor,
    failures,
    page::{ESCAPED, Page},
    range::{self, Range, Span},
    status::Status,
    triggers::Order,
    window::Bucket,
    zone::Zone,
};

pub use problem::Problem;

/// Characters of a filter, at most.
pub const LONGEST: usize = 300;

/// What a page is asked. Links are made from changed copies: `query.with_status(Some(Status::Failed)).href(&page)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Query {
    /// `range`: the time that counts.
    pub range: Range,
    /// `type`: only this action type.
    pub action_type: Option<String>,
    /// `status`: only what ended so.
    pub status: Option<Status>,
    /// `trigger`: only the trigger with this id.
    pub trigger: Option<String>,
    /// `org`: only triggers of the organization with this id.
    pub organization: Option<String>,
    /// `q`: only what holds this text.
    pub text: Option<String>,
    /// `by`: what bars are stacked from.
    pub by: Breakdown,
    /// `compare=1`: charts show the time before too.
    pub compare: bool,
    /// `tz`: the zone of the page, the viewer's unless another is asked for.
    pub zone: Zone,
    /// `after`: long lists begin after this row. Whoever asks for anything else begins at the first one again.
    pub after: Option<Cursor>,
    /// `view`, `sort` and `dir`: which triggers are listed, in which order. Only addresses of that page name them.
    pub order: Order,
    /// The viewer's own zone, which no address needs to name. UTC while it is not known.
    pub viewer: Zone,
}

/// The parameters of an address, in the order in which they are written.
pub const PARAMETERS: [&str; 10] = ["range", "type", "status", "trigger", "org", "q", "by", "compare", "tz", "after"];

/// The parameters of the order of triggers, in the order in which they are read and written.
pub const ORDER_PARAMETERS: [&str; 3] = ["view", "sort", "dir"];

/// What `after` may be.
const AFTER: &str = "the end of a page, as its link to the next one names it";

impl Query {
    /// Reads the part of an address after `?`. What makes no sense is left at its default and told; the first of several
    /// values counts, and an empty one, as forms send it, is none. Parameters of others are passed over.
    #[must_use]
    pub fn parse(text: &str, viewer: Zone) -> (Self, Vec<Problem>) {
        let mut query = Self { zone: viewer, viewer, ..Self::default() };
        let mut problems = Vec::new();
        for parameter in PARAMETERS.into_iter().chain(ORDER_PARAMETERS) {
            let Some(value) = first(text, parameter) else { continue };
            if let Err(expected) = query.take(parameter, &value) {
                problems.push(Problem::of(parameter, &value, expected));
            }
        }
        (query, problems)
    }

    /// Leaves out what is not of this page; tells of a place in a list that is none in the list of this page.
    pub fn fit(&mut self, page: &Page) -> Option<Problem> {
        if *page != Page::Triggers {
            self.order = Order::default();
        }
        let order = self.order;
        let fits = |after: &Cursor| match page {
            Page::Failures | Page::Failure(_) => failures::rows::place(after).is_some(),
            Page::Triggers => order.fits(after),
            _ => false,
        };
        let strange = self.after.take_if(|after| !fits(after))?;
        Some(Problem::of("after", &strange.word(), AFTER))
    }

    /// Takes in one value; the error says what would have made sense.
    fn take(&mut self, parameter: &str, value: &str) -> Result<(), String> {
        match parameter {
            "range" => self.range = value.parse().map_err(|_| range::EXPECTED)?,
            "type" => self.action_type = Some(name(value)?),
            "status" => self.status = Some(Status::from_word(value).ok_or("success, retrying or failed")?),
            "trigger" => self.trigger = Some(name(value)?),
            "org" => self.organization = Some(name(value)?),
            "q" => self.text = Some(name(value)?),
            "by" => self.by = Breakdown::from_word(value).ok_or("status or type")?,
            "compare" => match value {
                "1" => self.compare = true,
                "0" => self.compare = false,
                _ => return Err("1 or 0".to_owned()),
            },
            "tz" => self.zone = value.parse().map_err(|_| "a zone of the IANA database, as in Europe/Berlin or UTC")?,
            "after" => {
                self.after = Some(Cursor::parse(value).ok_or(AFTER)?);
            }
            order => self.order.take(order, value)?,
        }
        Ok(())
    }

    /// Every parameter that is not at its default, in a fixed order, for addresses and forms.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let values = [
            (self.range != Range::default()).then(|| self.range.word()),
            self.action_type.clone(),
            self.status.map(|status| status.word().to_owned()),
            self.trigger.clone(),
            self.organization.clone(),
            self.text.clone(),
            (self.by != Breakdown::default()).then(|| self.by.word().to_owned()),
            self.compare.then(|| "1".to_owned()),
            (self.zone != self.viewer).then(|| self.zone.name().to_owned()),
            self.after.as_ref().map(Cursor::word),
        ];
        PARAMETERS.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The same with the order of triggers, on the page that has one.
    #[must_use]
    pub fn parameters_on(&self, page: &Page) -> Vec<(&'static str, String)> {
        let mut parameters = self.parameters();
        if *page == Page::Triggers {
            let order = ORDER_PARAMETERS.into_iter().zip(self.order.parameters());
            parameters.extend(order.filter_map(|(name, value)| Some((name, value?))));
        }
        parameters
    }

    /// The address of a page that is asked this.
    #[must_use]
    pub fn href(&self, page: &Page) -> String {
        self.address(page, &page.path())
    }

    /// The address at any path of what is asked this on a page.
    #[must_use]
    pub fn address(&self, page: &Page, path: &str) -> String {
        let mut address = path.to_owned();
        for (place, (name, value)) in self.parameters_on(page).into_iter().enumerate() {
            let separator = if place == 0 { '?' } else { '&' };
            // Writing to a string does not fail.
            let _ = write!(address, "{separator}{name}={}", utf8_percent_encode(&value, &ESCAPED));
        }
        address
    }

    /// The same from the first row on.
    #[must_use]
    pub fn first_page(&self) -> Self {
        Self { after: None, ..self.clone() }
    }

    /// The same from the row on that follows this one.
    #[must_use]
    pub fn with_after(&self, after: Cursor) -> Self {
        Self { after: Some(after), ..self.clone() }
    }

    /// The same in another order.
    #[must_use]
    pub fn with_order(&self, order: Order) -> Self {
        Self { order, ..self.first_page() }
    }

    /// The same of another time.
    #[must_use]
    pub fn with_range(&self, range: Range) -> Self {
        Self { range, ..self.first_page() }
    }

    /// The same of the time of one bucket.
    #[must_use]
    pub fn with_bucket(&self, bucket: &Bucket) -> Self {
        self.with_range(Range::between(bucket.begins, bucket.until))
    }

    /// The same of one action type, or of all.
    #[must_use]
    pub fn with_action_type(&self, action_type: Option<&str>) -> Self {
        Self { action_type: action_type.map(ToOwned::to_owned), ..self.first_page() }
    }

    /// The same of one status, or of all.
    #[must_use]
    pub fn with_status(&self, status: Option<Status>) -> Self {
        Self { status, ..self.first_page() }
    }

    /// The same of one trigger, or of all.
    #[must_use]
    pub fn with_trigger(&self, trigger: Option<&str>) -> Self {
        Self { trigger: trigger.map(ToOwned::to_owned), ..self.first_page() }
    }

    /// The same of one organization, or of all.
    #[must_use]
    pub fn with_organization(&self, organization: Option<&str>) -> Self {
        Self { organization: organization.map(ToOwned::to_owned), ..self.first_page() }
    }

    /// The same with a text that must be there, or none.
    #[must_use]
    pub fn with_text(&self, text: Option<&str>) -> Self {
        Self { text: text.map(ToOwned::to_owned), ..self.first_page() }
    }

    /// The same with bars stacked from something else.
    #[must_use]
    pub fn with_breakdown(&self, by: Breakdown) -> Self {
        Self { by, ..self.clone() }
    }

    /// The same with or without the time before.
    #[must_use]
    pub fn with_compare(&self, compare: bool) -> Self {
        Self { compare, ..self.first_page() }
    }

    /// The same time in the same zone, of everything.
    #[must_use]
    pub fn without_filters(&self) -> Self {
        let Self { range, by, compare, zone, viewer, order, .. } = *self;
        Self { range, by, compare, zone, viewer, order, ..Self::default() }
    }

    /// The same in the zone of a viewer.
    #[must_use]
    pub fn in_zone_of(&self, viewer: Zone) -> Self {
        Self { zone: viewer, viewer, ..self.first_page() }
    }

    /// The time in words.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { range: self.range, zone: self.zone }
    }

    /// Whether something is filtered out: anything but the time.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.first_page() != self.without_filters()
    }

    /// The filters that are asked for and change nothing on a page, in words.
    #[must_use]
    pub fn ignored(&self, page: &Page) -> Vec<&'static str> {
        let is_list = *page == Page::Triggers;
        let filters = [
            (is_list && self.action_type.is_some(), "type"),
            (is_list && self.status.is_some(), "status"),
            (!is_list && page.searched().is_none() && self.text.is_some(), "text"),
        ];
        filters.into_iter().filter_map(|(is_ignored, name)| is_ignored.then_some(name)).collect()
    }

    /// Whether only some triggers count: such counts come from the rollups of triggers, which know no percentiles.
    #[must_use]
    pub fn is_of_triggers(&self) -> bool {
        self.trigger.is_some() || self.organization.is_some()
    }
}

/// The first value of a parameter that is not empty. A form may send both ends of a range apart.
fn first(text: &str, parameter: &str) -> Option<String> {
    let value = |name: &str| pairs(text).find(|pair| pair.0 == name && !pair.1.is_empty()).map(|pair| pair.1);
    let ends = || Some(format!("{}..{}", value("from")?, value("to")?));
    if parameter == "range" { ends().or_else(|| value(parameter)) } else { value(parameter) }
}

/// The pairs of name and value, decoded as forms encode them.
pub fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    let decoded = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    text.split('&').map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

/// A name or a text to look for.
fn name(value: &str) -> Result<String, String> {
    // Postgres knows no text with a zero in it.
    if value.contains('\0') || value.chars().count() > LONGEST {
        return Err(format!("any text of at most {LONGEST} characters"));
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests;
