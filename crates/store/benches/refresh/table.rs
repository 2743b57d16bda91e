//! Tables in Markdown, and numbers as they are written there.

/// A table that is printed when it is whole.
pub struct Table {
    title: String,
    lines: Vec<Vec<String>>,
}

impl Table {
    /// A table with these heads of columns.
    pub fn new(title: &str, heads: &[&str]) -> Self {
        Self { title: title.to_owned(), lines: vec![heads.iter().map(|head| (*head).to_owned()).collect()] }
    }

    /// Adds a line.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.lines.push(cells.into_iter().collect());
    }

    /// A line whose second time is to be so many times shorter than its first.
    pub fn row_at_least(&mut self, name: &str, slow_ms: f64, fast_ms: f64, wanted: Option<f64>) {
        let ratio = slow_ms / fast_ms;
        let (limit, mark) = wanted.map_or(("–".to_owned(), ""), |wanted| (times(wanted), mark(ratio >= wanted)));
        let cells =
            [name.to_owned(), milliseconds(slow_ms), milliseconds(fast_ms), times(ratio), limit, mark.to_owned()];
        self.row(cells);
    }

    /// A line whose first time is to be at most so many times its second.
    pub fn row_at_most(&mut self, name: &str, this_ms: f64, that_ms: f64, limit: Option<f64>) {
        let ratio = this_ms / that_ms;
        let (limit, mark) = limit.map_or(("–".to_owned(), ""), |limit| (limit.to_string(), mark(ratio <= limit)));
        let cells = [milliseconds(this_ms), milliseconds(that_ms), format!("{ratio:.2}"), limit, mark.to_owned()];
        self.row([name.to_owned()].into_iter().chain(cells));
    }

    /// Prints it.
    pub fn print(&self) {
        if !self.title.is_empty() {
            println!("{}:\n", self.title);
        }
        for (index, line) in self.lines.iter().enumerate() {
            println!("| {} |", line.join(" | "));
            if index == 0 {
                println!("|{}", "---|".repeat(line.len()));
            }
        }
        println!();
    }
}

/// Whether something is as it is to be.
pub fn mark(is_well: bool) -> &'static str {
    if is_well { "ok" } else { "**over**" }
}

/// A time.
pub fn milliseconds(time: f64) -> String {
    match time {
        10_000.0.. => format!("{:.1} s", time / 1000.0),
        100.0.. => format!("{} ms", thousands(time)),
        10.0.. => format!("{time:.1} ms"),
        _ => format!("{time:.2} ms"),
    }
}

/// How many times.
fn times(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.1} x") } else { format!("{} x", thousands(ratio)) }
}

/// A whole number with its thousands apart.
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut told = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}
