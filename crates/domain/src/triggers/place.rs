//! Where a page of the list of triggers begins: after the value of a row in the column of the order.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Order, Sort};
use crate::cursor::Cursor;

impl Order {
    /// The cursor after a trigger that has this value in the column of the order; `None` where it has none.
    #[must_use]
    pub fn cursor(self, value: Option<&str>, id: &str) -> Cursor {
        let spelled = |value: &str| match self.columns().0 {
            // A name may hold spaces, and be empty: it is told from none by what stands before it.
            Sort::Name => format!("={}", utf8_percent_encode(value, NON_ALPHANUMERIC)),
            _ => value.to_owned(),
        };
        Cursor { place: value.map(spelled).unwrap_or_default(), id: id.to_owned() }
    }

    /// The value that a cursor was made after, if that trigger had one.
    #[must_use]
    pub fn value_at(self, cursor: &Cursor) -> Option<String> {
        match self.columns().0 {
            Sort::Name => name(cursor).map(Cow::into_owned),
            _ => (!cursor.place.is_empty()).then(|| cursor.place.clone()),
        }
    }

    /// Whether a cursor could be of this order.
    #[must_use]
    pub fn fits(self, cursor: &Cursor) -> bool {
        let place = cursor.place.as_str();
        let is_decimal = || place.len() <= 40 && place.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'));
        match self.columns().0 {
            _ if place.is_empty() => true,
            // Postgres knows no text with a zero in it.
            Sort::Name => name(cursor).is_some_and(|name| !name.contains('\0')),
            Sort::Executions | Sort::LastRun => place.parse::<i64>().is_ok(),
            _ => is_decimal() && place.parse::<f64>().is_ok_and(f64::is_finite),
        }
    }
}

fn name(cursor: &Cursor) -> Option<Cow<'_, str>> {
    percent_decode_str(cursor.place.strip_prefix('=')?).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by(sort: Sort) -> Order {
        Order { sort, ..Order::default() }
    }

    #[test]
    fn only_a_place_of_the_column_fits() {
        let fits = |sort, place: &str| by(sort).fits(&Cursor { place: place.to_owned(), id: "t".to_owned() });
        assert!(
            fits(Sort::P95, "98.50") && fits(Sort::Executions, "12") && fits(Sort::Name, "=x") && fits(Sort::P95, "")
        );
        assert!(!fits(Sort::P95, "1;drop") && !fits(Sort::Executions, "1.5") && !fits(Sort::LastRun, "now"));
        assert!(!fits(Sort::SuccessRate, "1e9") && !fits(Sort::SuccessRate, "-") && !fits(Sort::P95, "NaN"));
        assert!(!fits(Sort::Name, "x") && !fits(Sort::Name, "=%00"));
    }

    proptest! {
        #[test]
        fn a_name_finds_its_way_back(name in prop::option::of("[^\0]{0,40}"), id in "[^\0]{0,10}") {
            let order = by(Sort::Name);
            let cursor = order.cursor(name.as_deref(), &id);
            let read = Cursor::parse(&cursor.word());
            prop_assert_eq!(read.as_ref(), Some(&cursor));
            prop_assert!(order.fits(&cursor));
            prop_assert_eq!(order.value_at(&cursor), name);
        }
    }
}
