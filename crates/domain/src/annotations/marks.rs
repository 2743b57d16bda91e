//! Where annotations stand on an axis of time that is cut in buckets.

use chrono::{DateTime, TimeDelta, Utc};

use super::Annotation;

/// The annotations of one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Which bucket, by its place on the axis.
    pub place: usize,
    /// In which bucket the last of them is over, if one of them lasts.
    pub until: Option<usize>,
    /// The annotations, oldest first.
    pub annotations: Vec<&'a Annotation>,
}

/// The marks of an axis whose buckets begin at `starts`, oldest first. What began before stands at the first one; what is
/// out of the time of the axis is left out.
#[must_use]
pub fn marks<'a>(starts: &[DateTime<Utc>], annotations: &'a [Annotation]) -> Vec<Mark<'a>> {
    let Some(ends) = end(starts) else { return Vec::new() };
    let place = |moment: DateTime<Utc>| starts.partition_point(|&start| start <= moment).saturating_sub(1);
    let mut marks: Vec<Mark<'a>> = Vec::new();
    for annotation in annotations {
        let last = annotation.until.unwrap_or(annotation.at);
        if last < starts[0] || annotation.at >= ends {
            continue;
        }
        let (begins, until) = (place(annotation.at), annotation.until.map(place));
        match marks.iter_mut().find(|mark| mark.place == begins) {
            Some(mark) => {
                mark.until = mark.until.max(until);
                mark.annotations.push(annotation);
            }
            None => marks.push(Mark { place: begins, until, annotations: vec![annotation] }),
        }
    }
    marks.sort_by_key(|mark| mark.place);
    marks
}

/// Where an axis ends: its last bucket is as long as the longest one before it.
fn end(starts: &[DateTime<Utc>]) -> Option<DateTime<Utc>> {
    let longest = starts.windows(2).map(|pair| pair[1] - pair[0]).max();
    Some(*starts.last()? + longest.unwrap_or(TimeDelta::days(1)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{super::Kind, *};

    fn hour(text: &str) -> DateTime<Utc> {
        format!("2026-11-23T{text}Z").parse().unwrap()
    }

    fn annotation(at: &str, until: Option<&str>) -> Annotation {
        let (at, until) = (hour(at), until.map(hour));
        Annotation { id: 0, at, until, kind: Kind::Note, text: at.to_string(), created_by: None, created_at: at }
    }

    #[test]
    fn each_stands_at_the_hour_in_which_it_was() {
        let starts = [hour("09:00:00"), hour("10:00:00"), hour("11:00:00")];
        let list = [
            annotation("07:00:00", Some("08:59:59")),
            annotation("08:00:00", Some("10:30:00")),
            annotation("09:00:00", None),
            annotation("10:59:59", None),
            annotation("11:30:00", Some("15:00:00")),
            annotation("12:00:00", None),
        ];
        let marks = marks(&starts, &list);
        let places: Vec<_> = marks.iter().map(|mark| (mark.place, mark.until, mark.annotations.len())).collect();
        assert_eq!(places, [(0, Some(1), 2), (1, None, 1), (2, Some(2), 1)]);
        assert!(super::marks(&[], &list).is_empty());
    }
}
