//! A chart that can stand alone: under its title and its sentence, with the key of its colours, its marks, and as of when.

use std::fmt::Write as _;

use app::snapshot::Theme;
use domain::{annotations::Annotation, zone::Zone};
use serde_json::Value;

use crate::exports::palette;

/// The room of the chart itself, CSS pixels.
pub const CHART_WIDTH: u32 = 960;
/// The room of the chart itself, CSS pixels.
pub const CHART_HEIGHT: u32 = 380;

const MARGIN: u32 = 32;

/// Characters of a line of text, and lines of a sentence, at most.
const LINE_CHARACTERS: usize = 120;
const LINES: usize = 4;

/// Marks that are spelled out below the chart.
const MARKS: usize = 6;

/// What is on it.
pub struct Poster<'a> {
    /// The title of the panel.
    pub title: &'a str,
    /// Its one true sentence.
    pub sentence: &'a str,
    /// The option of the chart, which knows the names of its colours.
    pub option: &'a Value,
    /// The chart as it was drawn.
    pub chart: &'a str,
    /// What was marked in its time.
    pub annotations: &'a [Annotation],
    /// In which zone times are told.
    pub zone: Zone,
    /// What it is about and as of when.
    pub foot: &'a str,
}

/// A drawing that grows downwards.
struct Sheet {
    svg: String,
    y: u32,
}

impl Poster<'_> {
    /// The drawing in the colours of a theme.
    pub fn draw(&self, theme: Theme) -> String {
        let mut sheet = Sheet { svg: String::new(), y: MARGIN };
        sheet.text(self.title, 20, "600", "var(--ink)");
        for line in lines(self.sentence) {
            sheet.text(&line, 14, "400", "var(--ink-2)");
        }
        self.key(&mut sheet);
        self.chart(&mut sheet);
        self.marks(&mut sheet);
        sheet.text(self.foot, 12, "400", "var(--ink-3)");
        let (width, height) = (CHART_WIDTH + 2 * MARGIN, sheet.y + MARGIN - 8);
        let whole = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             font-family=\"{}, system-ui, sans-serif\"><title>{}</title>\
             <rect width=\"{width}\" height=\"{height}\" fill=\"var(--card)\"/>{}</svg>\n",
            render::FONT_FAMILY,
            escaped(self.title),
            sheet.svg
        );
        palette::resolve(&whole, theme)
    }

    /// The names of the series, each with its colour and the way it is drawn.
    fn key(&self, sheet: &mut Sheet) {
        sheet.y += 8;
        let mut x = MARGIN;
        for series in self.option["series"].as_array().into_iter().flatten() {
            let Some(name) = series["name"].as_str().filter(|name| *name != charts::MARKS) else { continue };
            let bar = series["itemStyle"]["color"].as_str().filter(|_| series["type"] == "bar");
            let line = series["lineStyle"]["color"].as_str().filter(|_| series["type"] == "line");
            let width = 44 + 7 * u32::try_from(name.chars().count()).unwrap_or_default();
            // What does not fit into a line begins the next one.
            if x > MARGIN && x + width > MARGIN + CHART_WIDTH {
                (x, sheet.y) = (MARGIN, sheet.y + 18);
            }
            let y = sheet.y + 6;
            let swatch = match (bar, line) {
                (Some(colour), _) => format!(
                    "<rect x=\"{x}\" y=\"{}\" width=\"14\" height=\"10\" rx=\"2\" fill=\"{}\"/>",
                    y - 5,
                    escaped(colour)
                ),
                (_, Some(colour)) => format!(
                    "<path d=\"M{x} {y}h14\" stroke=\"{}\" stroke-width=\"2\" stroke-dasharray=\"{}\"/>",
                    escaped(colour),
                    match series["lineStyle"]["type"].as_str() {
                        Some("dashed") => "5 3",
                        Some("dotted") => "2 2",
                        _ => "none",
                    }
                ),
                _ => continue,
            };
            sheet.svg.push_str(&swatch);
            sheet.words(name, (x + 20, y + 4), 12, "400", "var(--ink-2)");
            x += width;
        }
        sheet.y += if x > MARGIN { 16 } else { 0 };
    }

    fn chart(&self, sheet: &mut Sheet) {
        let place =
            format!("<svg x=\"{MARGIN}\" y=\"{}\" width=\"{CHART_WIDTH}\" height=\"{CHART_HEIGHT}\" ", sheet.y + 8);
        sheet.svg.push_str(&self.chart.replacen("<svg ", &place, 1));
        sheet.y += CHART_HEIGHT + 24;
    }

    fn marks(&self, sheet: &mut Sheet) {
        let mut series = self.option["series"].as_array().into_iter().flatten();
        if !series.any(|series| series["name"] == charts::MARKS) {
            return;
        }
        let newest = self.annotations.iter().rev();
        for annotation in newest.take(MARKS) {
            let when = annotation.when(self.zone);
            let text = format!("{} {when}  {}", annotation.kind.sign(), annotation.words());
            let line = lines(&text).into_iter().next().unwrap_or_default();
            sheet.text(&line, 12, "400", &format!("var(--{})", annotation.kind.word()));
        }
        if let Some(more) = self.annotations.len().checked_sub(MARKS).filter(|&more| more > 0) {
            sheet.text(&format!("and {more} more"), 12, "400", "var(--ink-3)");
        }
        sheet.y += 4;
    }
}

impl Sheet {
    /// A line of text below what is there.
    fn text(&mut self, words: &str, size: u32, weight: &str, colour: &str) {
        self.words(words, (MARGIN, self.y + size), size, weight, colour);
        self.y += size * 3 / 2;
    }

    fn words(&mut self, words: &str, (x, y): (u32, u32), size: u32, weight: &str, colour: &str) {
        let words = escaped(words);
        // Writing to a string does not fail.
        let _ = write!(
            self.svg,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{colour}\">{words}</text>"
        );
    }
}

/// A text in lines, cut after [`LINES`].
fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        for letter in [word].into_iter().flat_map(pieces) {
            let last = lines.last().map_or(0, |line| line.chars().count());
            if last > 0 && last + letter.trim_end().chars().count() > LINE_CHARACTERS {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push_str(&letter);
            }
        }
    }
    if lines.len() > LINES {
        lines.truncate(LINES);
        lines[LINES - 1].push('…');
    }
    lines
}

/// A word in pieces that fit into a line.
fn pieces(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(LINE_CHARACTERS).map(|piece| piece.iter().collect()).collect()
}

/// A text inside of an SVG; what XML cannot hold is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&letter) => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::annotations::Kind;
    use serde_json::json;

    use super::*;

    fn poster(sentence: &str, annotations: &[Annotation]) -> String {
        let option = json!({ "series": [
            { "type": "bar", "name": "success", "itemStyle": { "color": "var(--success)" } },
            { "type": "line", "name": "before", "lineStyle": { "color": "var(--ink-3)", "type": "dashed" } },
            { "type": "line", "name": charts::MARKS },
        ] });
        let chart =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 380\"><path stroke=\"var(--line)\"/></svg>";
        let foot = "as of 24 Nov";
        let poster =
            Poster { title: "Runs per hour", sentence, option: &option, chart, annotations, zone: Zone::UTC, foot };
        poster.draw(Theme::Dark)
    }

    #[test]
    fn it_can_stand_alone() {
        let at = "2026-11-24T09:00:00Z".parse().unwrap();
        let annotation = Annotation {
            id: 1,
            at,
            until: None,
            kind: Kind::Deploy,
            text: "<v2>&\u{7}".to_owned(),
            created_by: None,
            created_at: at,
        };
        let drawing = poster("Success fell to 60.0% at 01:00.", &[annotation]);
        for part in [
            "Runs per hour",
            "Success fell",
            ">success<",
            ">before<",
            "as of 24 Nov",
            "▼ 24 Nov 09:00 UTC  Deploy: &lt;v2&gt;&amp;\u{fffd}",
        ] {
            assert!(drawing.contains(part), "{part}: {drawing}");
        }
        assert!(!drawing.contains("var(") && !drawing.contains(">marks<"), "{drawing}");
        assert!(render::png(&drawing).is_ok());
    }

    #[test]
    fn a_long_sentence_is_broken_and_cut() {
        let drawing = poster(&"x".repeat(3_000), &[]);
        assert!(drawing.contains("xxx…<") && render::png(&drawing).is_ok());
        let longest = lines(&"word ".repeat(100));
        assert!(longest.iter().all(|line| line.chars().count() <= LINE_CHARACTERS + 1), "{longest:?}");
        assert_eq!(lines(&"x".repeat(3_000)).len(), LINES);
        assert_eq!(lines("short"), ["short"]);
    }
}
