//! Paths as text that is safe in a URL and as a file name.

use std::ffi::OsStr;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;

/// Each byte but ASCII letters, digits, `-`, `_` and `.` as `%` and two hexadecimal digits.
pub(crate) fn percent_encode(text: &OsStr) -> String {
    text.as_bytes().iter().fold(String::new(), |mut encoded, &byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_characters_stay_as_they_are() {
        assert_eq!(percent_encode(OsStr::new("/a b/é-1.x_?")), "%2Fa%20b%2F%C3%A9-1.x_%3F");
    }
}
