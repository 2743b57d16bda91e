//! Pictures of drawings, the same on every machine: the only font is the one carried along.

use std::sync::{Arc, LazyLock};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb::Database},
};

use crate::{MAX_SIDE, RenderError};

/// The font of all text in pictures: Inter, cut down to Latin, Greek, Cyrillic and signs. See `fonts/LICENSE.txt`.
pub const FONT_FAMILY: &str = "Inter";

/// Pixels of a picture for one of the drawing, so that it is sharp on any screen.
const SCALE: f32 = 2.0;

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(include_bytes!("../fonts/Inter-Regular.ttf").to_vec());
    fonts.load_font_data(include_bytes!("../fonts/Inter-SemiBold.ttf").to_vec());
    // What a drawing names besides, browsers have and this has not.
    fonts.set_sans_serif_family(FONT_FAMILY);
    fonts.set_serif_family(FONT_FAMILY);
    fonts.set_monospace_family(FONT_FAMILY);
    Arc::new(fonts)
});

/// The picture of an SVG as PNG, at twice its size. Keeps a core busy for a tenth of a second: not for an async task that
/// others wait for.
///
/// # Errors
/// [`RenderError::Picture`] when it is no SVG, or a side is longer than [`MAX_SIDE`] pixels.
pub fn png(svg: &str) -> Result<Vec<u8>, RenderError> {
    let failed = |message: String| RenderError::Picture { message };
    let options = Options { fontdb: FONTS.clone(), font_family: FONT_FAMILY.to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| failed(error.to_string()))?;
    let size = tree.size().scale_by(SCALE).map(|size| size.to_int_size());
    let size = size.filter(|size| size.width() <= MAX_SIDE && size.height() <= MAX_SIDE);
    let pixmap = size.and_then(|size| Pixmap::new(size.width(), size.height()));
    let mut pixmap = pixmap.ok_or_else(|| failed(format!("its sides may be {MAX_SIDE} pixels")))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn drawing(content: &str) -> String {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"20\">{content}</svg>")
    }

    #[test]
    fn a_picture_is_twice_as_large_and_has_its_text() {
        let text = |words| drawing(&format!("<text y=\"15\" font-family=\"system-ui, sans-serif\">{words}</text>"));
        let picture = png(&text("▼ né")).unwrap();
        let side = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
        assert_eq!((&picture[..4], side(16), side(20)), (&b"\x89PNG"[..], 120, 40));
        assert_ne!(picture, png(&text("")).unwrap());
        assert_eq!(picture, png(&text("▼ né")).unwrap());
    }

    #[test]
    fn what_is_no_drawing_or_too_large_is_told() {
        assert!(png("<b>").unwrap_err().to_string().starts_with("a picture cannot be made"));
        let large = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9000\" height=\"20\"/>";
        assert!(png(large).unwrap_err().to_string().contains("4096"));
    }
}
