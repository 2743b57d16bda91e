//! Annotations on an axis of time: a line from top to bottom with a shape and, where there is room, a word; a bar along
//! the top for what lasted. They are a series of their own without data, and last, so that no other one moves.

use chrono::{DateTime, Utc};
use domain::{
    annotations::{Annotation, Kind, Mark, marks},
    table::Table,
};
use serde_json::{Value, json};

use crate::look;

/// The name of the series.
pub const SERIES: &str = "marks";

/// Pixels that an axis of time has on a telephone, where every label has to fit too.
const AXIS_PIXELS: usize = 250;

/// Pixels of a character, a little more than the mean.
const CHARACTER_PIXELS: usize = 7;

/// Marks that are nearer to each other than this share one label.
const CLUSTER_PIXELS: usize = 22;

/// Characters of a label, at most; the list of marks and the table have the whole text.
const LABEL_CHARACTERS: usize = 18;

/// Fewer characters than these say nothing.
const LEAST_CHARACTERS: usize = 4;

/// Characters of a text that shows when the label is pointed at.
const HINT_CHARACTERS: usize = 90;

/// Where the plot begins below the labels, and where the bar of what lasted is.
const TOP: u32 = 24;

/// When each place of a chart's axis begins: the hours or days of the panel's table, if the axis has as many places.
pub fn starts(option: &Value, table: &Table) -> Vec<DateTime<Utc>> {
    let axis = option["xAxis"].get(0).unwrap_or(&option["xAxis"]);
    let places = axis["data"].as_array().map_or(0, Vec::len);
    let starts = table.bucket_starts();
    if starts.len() == places { starts } else { Vec::new() }
}

/// Puts marks on an axis of time whose places begin at `starts`. The series is there without marks too: a live chart
/// keeps what it is not told about.
pub fn annotate(option: &mut Value, starts: &[DateTime<Utc>], annotations: &[Annotation]) {
    let marks = marks(starts, annotations);
    if !starts.is_empty()
        && let Some(series) = option["series"].as_array_mut()
    {
        series.push(series_of(&marks, starts.len()));
        let grid = option["grid"].get(0).map_or("/grid", |_| "/grid/0");
        if let Some(grid) = option.pointer_mut(grid).filter(|_| !marks.is_empty()) {
            grid["top"] = json!(TOP);
        }
    }
}

fn series_of(marks: &[Mark<'_>], places: usize) -> Value {
    let labels = labels(marks, places);
    let lines = marks.iter().zip(labels).map(|(mark, label)| line(mark, label, places));
    let bars = marks.iter().filter_map(bar);
    json!({
        "type": "line",
        "name": SERIES,
        "data": [],
        "markLine": {
            "symbol": ["none", "none"],
            "animation": false,
            "emphasis": { "disabled": true },
            "label": { "show": false },
            "data": bars.chain(lines).collect::<Vec<_>>(),
        },
    })
}

/// The line of a mark, which is named after what it marks.
fn line(mark: &Mark<'_>, label: Option<String>, places: usize) -> Value {
    let color = color(worst(mark));
    // A label reaches into the chart, not out of it.
    let align = if mark.place * 2 < places { "left" } else { "right" };
    let hint = mark.annotations.iter().map(|annotation| annotation.words()).collect::<Vec<_>>().join("; ");
    json!({
        "xAxis": mark.place,
        "name": drawable(&hint, HINT_CHARACTERS),
        "lineStyle": { "color": color, "type": [4, 3], "width": 1.5 },
        "label": {
            "show": label.is_some(),
            "formatter": label.unwrap_or_default(),
            "position": "end",
            "align": align,
            "distance": 6,
            "color": color,
            "fontSize": look::FONT_SIZE,
            "fontFamily": look::FONT_FAMILY,
        },
    })
}

/// The bar along the top of a mark that lasts beyond its own hour or day.
fn bar(mark: &Mark<'_>) -> Option<Value> {
    let until = mark.until.filter(|&until| until > mark.place)?;
    let style = json!({ "color": color(worst(mark)), "type": "solid", "width": 4, "opacity": 0.6 });
    Some(json!([{ "xAxis": mark.place, "y": TOP, "lineStyle": style }, { "xAxis": until, "y": TOP }]))
}

/// The label of each mark: none where one nearby speaks for it.
fn labels(marks: &[Mark<'_>], places: usize) -> Vec<Option<String>> {
    let pixels = |from: usize, to: usize| (to - from) * AXIS_PIXELS / places.max(1);
    let mut labels = vec![None; marks.len()];
    let mut first = 0;
    while first < marks.len() {
        let is_near = |mark: &&Mark<'_>| pixels(marks[first].place, mark.place) < CLUSTER_PIXELS;
        let next = first + marks[first..].iter().take_while(is_near).count();
        // Words go to the right of the line in the left half, to the left in the other one.
        let place = marks[first].place;
        let room = if place * 2 < places {
            let end = marks
                .get(next)
                .map_or(places, |mark| if mark.place * 2 < places { mark.place } else { (place + mark.place) / 2 });
            pixels(place, end)
        } else {
            let before = first.checked_sub(1).map_or(0, |before| marks[before].place);
            pixels(if before * 2 < places { (before + place) / 2 } else { before }, place)
        };
        labels[first] = Some(label(&marks[first..next], room / CHARACTER_PIXELS));
        first = next;
    }
    labels
}

/// What is said of marks that stand together: the text of a single one if it fits, else their shapes and how many.
fn label(cluster: &[Mark<'_>], characters: usize) -> String {
    let all: Vec<&Annotation> = cluster.iter().flat_map(|mark| mark.annotations.iter().copied()).collect();
    if let [one] = all.as_slice() {
        let room = characters.saturating_sub(2).min(LABEL_CHARACTERS);
        let words = if room >= LEAST_CHARACTERS { drawable(&one.text, room) } else { String::new() };
        return format!("{} {words}", one.kind.sign()).trim_end().to_owned();
    }
    let signs = Kind::ALL.into_iter().filter(|kind| all.iter().any(|one| one.kind == *kind)).map(Kind::sign);
    format!("{} {}", signs.collect::<String>(), all.len())
}

/// The kind that gives a mark its colour: an incident before all others.
fn worst(mark: &Mark<'_>) -> Kind {
    let is = |kind| mark.annotations.iter().any(|annotation| annotation.kind == kind);
    [Kind::Incident, Kind::Deploy].into_iter().find(|&kind| is(kind)).unwrap_or(Kind::Note)
}

fn color(kind: Kind) -> &'static str {
    match kind {
        Kind::Deploy => look::DEPLOY,
        Kind::Incident => look::INCIDENT,
        Kind::Note => look::NOTE,
    }
}

/// The beginning of a text, without the braces that mean something to ECharts.
fn drawable(text: &str, characters: usize) -> String {
    let mut drawn: String = text
        .chars()
        .take(characters)
        .map(|letter| match letter {
            '{' => '(',
            '}' => ')',
            letter => letter,
        })
        .collect();
    if text.chars().count() > characters {
        drawn.pop();
        drawn.push('…');
    }
    drawn
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::TimeDelta;

    use super::*;

    fn start(hour: usize) -> DateTime<Utc> {
        let begin: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        begin + TimeDelta::hours(hour as i64)
    }

    fn annotation(hour: usize, kind: Kind, text: &str) -> Annotation {
        let (at, text) = (start(hour), text.to_owned());
        Annotation { id: 1, at, until: None, kind, text, created_by: None, created_at: at }
    }

    fn annotated(annotations: &[Annotation]) -> Value {
        let starts: Vec<_> = (0..24).map(start).collect();
        let mut option = json!({ "series": [{ "type": "bar" }], "grid": { "top": 16 } });
        annotate(&mut option, &starts, annotations);
        option
    }

    fn labels_of(option: &Value) -> Vec<&str> {
        let data = option["series"][1]["markLine"]["data"].as_array().unwrap();
        data.iter().filter_map(|line| line["label"]["formatter"].as_str()).collect()
    }

    #[test]
    fn a_mark_is_a_line_at_its_hour_with_shape_and_word() {
        let option = annotated(&[annotation(9, Kind::Deploy, "v2.4 {b} and what else there is to say")]);
        let line = &option["series"][1]["markLine"]["data"][0];
        assert_eq!((&line["xAxis"], &line["lineStyle"]["color"]), (&json!(9), &json!("var(--deploy)")));
        assert_eq!(line["label"]["formatter"], "▼ v2.4 (b) and what…");
        assert_eq!(line["name"], "Deploy: v2.4 (b) and what else there is to say");
        assert_eq!(option["grid"]["top"], 24);
    }

    #[test]
    fn marks_that_stand_together_share_a_label() {
        let crowd: Vec<_> = (10..14).map(|hour| annotation(hour, Kind::Note, "a")).collect();
        let option = annotated(&crowd);
        assert_eq!(labels_of(&option), ["● 3", "", "", "●"]);
        let both = [annotation(3, Kind::Deploy, "v1"), annotation(3, Kind::Incident, "down")];
        let option = annotated(&both);
        assert_eq!(labels_of(&option), ["▼■ 2"]);
        assert_eq!(option["series"][1]["markLine"]["data"][0]["lineStyle"]["color"], "var(--incident)");
    }

    #[test]
    fn what_lasts_has_a_bar() {
        let mut incident = annotation(20, Kind::Incident, "queue stuck");
        incident.until = Some(start(22));
        let option = annotated(&[incident]);
        let bar = &option["series"][1]["markLine"]["data"][0];
        assert_eq!((&bar[0]["xAxis"], &bar[1]["xAxis"]), (&json!(20), &json!(22)));
    }

    #[test]
    fn without_marks_the_series_is_there_and_an_axis_of_names_has_none() {
        let option = annotated(&[]);
        assert_eq!((&option["series"][1]["markLine"]["data"], &option["grid"]["top"]), (&json!([]), &json!(16)));
        let mut names = json!({ "series": [{ "type": "bar" }] });
        annotate(&mut names, &[], &[annotation(9, Kind::Deploy, "v2.4")]);
        assert_eq!(names["series"].as_array().unwrap().len(), 1);
    }
}
