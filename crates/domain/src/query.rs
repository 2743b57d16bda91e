//! What a page is asked: the one state of the dashboard, which is its address.

use std::fmt::Write;

use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::{
    cursor::Cursor,
    failures,
    page::{ESCAPED, Page},
    range::{self, Range, Span},
    status::Status,
    window::Bucket,
    zone::Zone,
};

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
    /// `compare=1`: charts show the time before too.
    pub compare: bool,
    /// `tz`: the zone of the page, the viewer's unless another is asked for.
    pub zone: Zone,
    /// `after`: long lists begin after this row. Whoever asks for anything else begins at the first one again.
    pub after: Option<Cursor>,
    /// The viewer's own zone, which no address needs to name. UTC while it is not known.
    pub viewer: Zone,
}

/// The parameters of an address, in the order in which they are written.
pub const PARAMETERS: [&str; 9] = ["range", "type", "status", "trigger", "org", "q", "compare", "tz", "after"];

/// What `after` may be.
const AFTER: &str = "the end of a page, as its link to the next one names it";

/// A value that makes no sense, and what would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The name of the parameter.
    pub parameter: &'static str,
    /// What was asked for, its beginning at least.
    pub value: String,
    /// What would make sense.
    pub expected: String,
}

impl Problem {
    fn of(parameter: &'static str, value: &str, expected: impl Into<String>) -> Self {
        let mut shown: String = value.chars().take(80).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self { parameter, value: shown, expected: expected.into() }
    }

    /// What is wrong and what would be right, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "“{}={}” makes no sense and is left out: {} may be {}.",
            self.parameter, self.value, self.parameter, self.expected
        )
    }
}

impl Query {
    /// Reads the part of an address after `?`. What makes no sense is left at its default and told; the first of several
    /// values counts, and an empty one, as forms send it, is none. Parameters of others are passed over.
    #[must_use]
    pub fn parse(text: &str, viewer: Zone) -> (Self, Vec<Problem>) {
        let mut query = Self { zone: viewer, viewer, ..Self::default() };
        let mut problems = Vec::new();
        for parameter in PARAMETERS {
            let Some(value) = first(text, parameter) else { continue };
            if let Err(expected) = query.take(parameter, &value) {
                problems.push(Problem::of(parameter, &value, expected));
            }
        }
        (query, problems)
    }

    /// Leaves out what is not of this page; tells of a place in a list that is none in the list of this page.
    pub fn fit(&mut self, page: &Page) -> Option<Problem> {
        let fits = |after: &Cursor| match page {
            Page::Failures | Page::Failure(_) => failures::rows::place(after).is_some(),
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
            "compare" => match value {
                "1" => self.compare = true,
                "0" => self.compare = false,
                _ => return Err("1 or 0".to_owned()),
            },
            "tz" => self.zone = value.parse().map_err(|_| "a zone of the IANA database, as in Europe/Berlin or UTC")?,
            "after" => {
                self.after = Some(Cursor::parse(value).ok_or(AFTER)?);
            }
            _ => {}
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
            self.compare.then(|| "1".to_owned()),
            (self.zone != self.viewer).then(|| self.zone.name().to_owned()),
            self.after.as_ref().map(Cursor::word),
        ];
        PARAMETERS.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The address of a page that is asked this.
    #[must_use]
    pub fn href(&self, page: &Page) -> String {
        let mut address = page.path();
        for (place, (name, value)) in self.parameters().into_iter().enumerate() {
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

    /// The same with or without the time before.
    #[must_use]
    pub fn with_compare(&self, compare: bool) -> Self {
        Self { compare, ..self.first_page() }
    }

    /// The same time in the same zone, of everything.
    #[must_use]
    pub fn without_filters(&self) -> Self {
        Self { range: self.range, compare: self.compare, zone: self.zone, viewer: self.viewer, ..Self::default() }
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
fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
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
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> (Query, Vec<Problem>) {
        Query::parse(text, Zone::UTC)
    }

    #[test]
    fn a_whole_address_is_read() {
        let text = "range=7d&type=rest&status=failed&trigger=t-1&org=acme&q=a+b%26c&compare=1&tz=Europe%2FBerlin&utm=x";
        let (query, problems) = parse(text);
        assert_eq!(problems, []);
        assert_eq!((query.range, query.status, query.compare), (Range::Week, Some(Status::Failed), true));
        assert_eq!((query.text.as_deref(), query.zone.name()), (Some("a b&c"), "Europe/Berlin"));
        let canonical =
            "/?range=7d&type=rest&status=failed&trigger=t-1&org=acme&q=a%20b%26c&compare=1&tz=Europe%2FBerlin";
        assert_eq!(query.href(&Page::Overview), canonical);
        assert_eq!(query.without_filters().href(&Page::Actions), "/actions?range=7d&compare=1&tz=Europe%2FBerlin");
    }

    #[test]
    fn what_makes_no_sense_is_told_and_the_rest_counts() {
        let (query, problems) = parse("range=banana&status=broken&type=rest&compare=yes&tz=Mars%2FBase");
        assert_eq!(query, Query { action_type: Some("rest".into()), ..Query::default() });
        let told: Vec<_> = problems.iter().map(|problem| problem.parameter).collect();
        assert_eq!(told, ["range", "status", "compare", "tz"]);
        assert_eq!(
            problems[1].sentence(),
            "“status=broken” makes no sense and is left out: status may be success, retrying or failed."
        );
        assert!(parse(&format!("q={}", "é".repeat(400))).1[0].value.chars().count() <= 81);
        assert_eq!(parse("type=%00").1.len(), 1);
    }

    #[test]
    fn empty_fields_of_a_form_are_none() {
        assert_eq!(parse("range=&type=&status=&q="), (Query::default(), vec![]));
        assert_eq!(Query::default().href(&Page::Overview), "/");
        let (query, problems) = parse("range=7d&from=2026-11-01&to=2026-11-07");
        assert_eq!((query.range.word().as_str(), problems.len()), ("2026-11-01..2026-11-07", 0));
    }

    #[test]
    fn a_page_of_a_list_is_kept_until_something_else_is_asked_for() {
        let after = Cursor { place: "17".into(), id: "a/b".into() };
        let second = Query::default().with_text(Some("x")).with_after(after.clone());
        let address = second.href(&Page::Failures);
        assert_eq!(address, "/failures?q=x&after=MTcgYS9i");
        assert_eq!(parse("q=x&after=MTcgYS9i"), (second.clone(), vec![]));
        assert_eq!(second.with_compare(true).after, None);
        assert_eq!((second.is_filtered(), second.without_filters().after), (true, None));
        assert_eq!(parse("after=17").1[0].parameter, "after");
        let (mut failures, mut other) = (second.clone(), second.clone());
        assert_eq!((failures.fit(&Page::Failures), failures.after), (None, second.after));
        assert_eq!(other.fit(&Page::Overview).map(|problem| problem.parameter), Some("after"));
        assert_eq!(other.after, None);
    }

    #[test]
    fn the_zone_of_the_viewer_needs_no_parameter() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let (query, _) = Query::parse("", berlin);
        assert_eq!((query.zone, query.href(&Page::Overview).as_str()), (berlin, "/"));
        let (query, _) = Query::parse("tz=UTC", berlin);
        assert_eq!((query.zone, query.href(&Page::Overview).as_str()), (Zone::UTC, "/?tz=UTC"));
    }

    fn any_query() -> impl Strategy<Value = Query> {
        let moment = (0..4_000_000_000_000_000_i64).prop_map(|micros| DateTime::from_timestamp_micros(micros).unwrap());
        let between = (moment, 1..366 * 86_400_000_000_i64)
            .prop_map(|(from, micros)| Range::between(from, from + TimeDelta::microseconds(micros)));
        let range = prop_oneof![prop::sample::select(Range::PRESETS.to_vec()), between];
        let text = || prop::option::of("[^\0]{1,40}");
        let zone =
            || prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()).prop_map(|zone| zone.name().parse().unwrap());
        let status = prop::option::of(prop::sample::select(Status::ALL.to_vec()));
        let zones = (zone(), zone(), any::<bool>());
        (range, text(), status, text(), text(), text(), zones).prop_map(
            |(range, action_type, status, trigger, organization, text, (zone, viewer, compare))| Query {
                range,
                action_type,
                status,
                trigger,
                organization,
                text,
                compare,
                zone,
                after: None,
                viewer,
            },
        )
    }

    proptest! {
        #[test]
        fn a_link_means_what_it_was_made_from(query in any_query()) {
            let address = query.href(&Page::Overview);
            let (path, text) = address.split_once('?').unwrap_or((&address, ""));
            prop_assert_eq!(path, "/");
            prop_assert_eq!(Query::parse(text, query.viewer), (query, vec![]));
        }

        #[test]
        fn no_text_is_too_strange(text in ".*", value in ".*") {
            let _ = parse(&text);
            for parameter in PARAMETERS {
                let (query, _) = parse(&format!("{parameter}={value}"));
                let _ = query.href(&Page::Overview);
            }
        }
    }
}
