use serde_json::Value;

use crate::RenderError;

/// The longest id of a chart, in bytes.
pub const MAX_ID_LENGTH: usize = 64;

/// The greatest width and height of a chart, in pixels.
pub const MAX_SIDE: u32 = 4096;

/// One chart to be drawn.
#[derive(Clone, Debug)]
pub struct ChartRequest {
    /// Names the chart in errors and begins every id inside its SVG, so it must be unique on its page.
    /// A letter, then letters, digits, `-` and `_`; at most [`MAX_ID_LENGTH`].
    pub id: String,
    /// An ECharts option: a JSON object, as charming serializes a chart, with `"animation": false`.
    pub option: Value,
    /// Width of the drawing in pixels, 1 to [`MAX_SIDE`]. The page scales the SVG; this sets how much fits into it.
    pub width: u32,
    /// Height of the drawing in pixels, 1 to [`MAX_SIDE`].
    pub height: u32,
}

impl ChartRequest {
    /// Checks what an engine relies on.
    pub(crate) fn validate(&self) -> Result<(), RenderError> {
        let invalid = |problem: String| Err(RenderError::InvalidChart { chart: self.id.clone(), problem });
        if !is_id(&self.id) {
            return invalid(format!(
                "its id must be a letter, then letters, digits, '-' or '_', at most {MAX_ID_LENGTH} in all"
            ));
        }
        for (side, length) in [("width", self.width), ("height", self.height)] {
            if !(1..=MAX_SIDE).contains(&length) {
                return invalid(format!("its {side} must be 1 to {MAX_SIDE} pixels, not {length}"));
            }
        }
        if !self.option.is_object() {
            return invalid("its option must be a JSON object".to_owned());
        }
        Ok(())
    }
}

fn is_id(text: &str) -> bool {
    text.len() <= MAX_ID_LENGTH
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}
