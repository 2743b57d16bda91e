//! Passwords: argon2id, with what OWASP recommends (19 MiB, 2 passes, 1 lane).

use std::sync::LazyLock;

use argon2::{
    Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _,
    password_hash::{Error, SaltString},
};
use rand::RngExt as _;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Hashes that are worked out at once: each takes 19 MiB and a core for a while.
const AT_ONCE: usize = 2;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// What a password is compared with where there is none, so that the time tells nobody who is known.
static NOBODY: LazyLock<String> = LazyLock::new(|| hashed("nobody").unwrap_or_default());

/// Hashes a password.
///
/// # Errors
/// When there is no memory for it.
pub async fn hash(password: String) -> anyhow::Result<String> {
    let _place = PLACES.acquire().await?;
    let hashed = spawn_blocking(move || hashed(&password)).await?;
    hashed.map_err(|error| anyhow::anyhow!("a password cannot be hashed: {error}"))
}

/// Whether a password is that of a hash. It takes as long where there is no hash.
pub async fn is_right(password: String, hash: Option<String>) -> bool {
    let Ok(_place) = PLACES.acquire().await else { return false };
    let verified = spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let parsed = PasswordHash::new(&hash);
        known & parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    });
    verified.await.unwrap_or(false)
}

fn hashed(password: &str) -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    rand::rng().fill(&mut bytes);
    let salt = SaltString::encode_b64(&bytes)?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let hash = hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(is_right("correct horse".to_owned(), Some(hash.clone())).await);
        assert!(!is_right("correct horsf".to_owned(), Some(hash)).await);
        assert!(!is_right("nobody".to_owned(), None).await, "without a hash nothing is right");
        assert!(!is_right("anything".to_owned(), Some("no hash".to_owned())).await);
    }
}
