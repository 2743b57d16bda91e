//! Random tokens: sessions, keys, invitations, devices. Only their hashes are kept.

use data_encoding::BASE64URL_NOPAD;
use rand::RngExt as _;
use sha2::{Digest, Sha256};

/// How a key of a program begins, so that one that leaked is found.
pub const KEY_PREFIX: &str = "tdmk_";

/// Characters of a key that are kept to tell it by.
const HINT: usize = 9;

/// A secret that is given to somebody once.
pub struct Token(String);

impl Token {
    /// A new one, of 256 random bits.
    pub fn random() -> Self {
        Self::beginning("")
    }

    /// A new key of a program.
    pub fn key() -> Self {
        Self::beginning(KEY_PREFIX)
    }

    fn beginning(prefix: &str) -> Self {
        let mut bytes = [0_u8; 32];
        rand::rng().fill(&mut bytes);
        Self(format!("{prefix}{}", BASE64URL_NOPAD.encode(&bytes)))
    }

    /// The secret itself.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// How it begins, for people to tell it by.
    pub fn hint(&self) -> &str {
        self.0.get(..HINT).unwrap_or_default()
    }

    /// What is kept of it.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

/// What is kept of a token that somebody shows.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_told_by_how_it_begins_and_known_by_its_hash() {
        let (one, other) = (Token::key(), Token::key());
        assert!(one.secret().starts_with(KEY_PREFIX) && one.secret() != other.secret());
        assert_eq!(one.hint().len(), HINT);
        assert_eq!(hash(one.secret()), one.hash());
        assert_eq!(Token::random().secret().len(), 43);
    }
}
