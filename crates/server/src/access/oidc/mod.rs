//! Logging in by an OpenID provider: the authorization code flow, with PKCE.
//!
//! The provider is asked for its addresses and keys when somebody wants to log in, never when the server starts.

mod claims;
mod discovery;

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, CsrfToken, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardTokenResponse,
    TokenResponse as _, UserInfoClaims, UserInfoError,
    core::{
        CoreAuthenticationFlow, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
        CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};

pub use self::claims::Person;
use self::{
    claims::{Further, Names},
    discovery::{Discovery, Known},
};
use super::{settings::AccessArgs, token};

/// For so long somebody may be away at the provider.
pub const AWAY_FOR: Duration = Duration::from_secs(600);

/// Where the provider sends people back to.
pub const CALLBACK: &str = "/login/oidc/callback";

/// Characters of the way that somebody wanted to go, which their browser keeps: it keeps no more than 4 kB.
const NEXT_LENGTH: usize = 2_000;

type IdFields = IdTokenFields<
    Further,
    openidconnect::EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<IdFields, CoreTokenType>;
type IdClaims = openidconnect::IdTokenClaims<Further, CoreGenderClaim>;

/// Why a login by the provider did not come to its end. The words are for who logs in, the cause is for the log.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The provider does not answer.
    #[error("The OpenID provider does not answer: try again in a moment.")]
    Away(#[source] Option<anyhow::Error>),
    /// What came back does not belong to a login that this browser began.
    #[error("This login was not begun in this browser, or too long ago: log in again.")]
    Stray,
    /// The provider says no.
    #[error("The OpenID provider did not let you in: {0}.")]
    Denied(String),
    /// What it says cannot be believed, or used.
    #[error("What the OpenID provider said cannot be used: an admin finds the reason in the log of Tidemark.")]
    Unusable(#[source] anyhow::Error),
}

/// What a browser keeps while somebody is away at the provider: only who has it can end the login that it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    state: String,
    nonce: String,
    verifier: String,
    /// Where somebody wanted to go.
    pub next: String,
}

impl Errand {
    fn new(next: &str, verifier: PkceCodeVerifier) -> Self {
        let random = || token::Token::random().secret().to_owned();
        let next = if next.len() > NEXT_LENGTH { "/" } else { next };
        Self { state: random(), nonce: random(), verifier: verifier.into_secret(), next: next.to_owned() }
    }

    /// As a cookie holds it.
    pub fn write(&self) -> String {
        BASE64URL_NOPAD.encode(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// From a cookie.
    pub fn read(cookie: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64URL_NOPAD.decode(cookie.as_bytes()).ok()?).ok()
    }

    /// Hashes are compared, so that the time tells nothing of the secret.
    fn is_of(&self, state: &str) -> bool {
        token::hash(&self.state) == token::hash(state)
    }
}

/// What the provider sends somebody back with.
#[derive(Debug, Default)]
pub struct Answer {
    /// As it was sent there.
    pub state: Option<String>,
    /// For it the provider gives tokens.
    pub code: Option<String>,
    /// Why it gives none.
    pub error: Option<String>,
}

impl Answer {
    /// The code, where the answer is one to this errand.
    fn code(&self, errand: &Errand) -> Result<&str, Refused> {
        if !self.state.as_deref().is_some_and(|state| errand.is_of(state)) {
            return Err(Refused::Stray);
        }
        match (&self.error, &self.code) {
            (Some(error), _) => Err(Refused::Denied(error_word(error))),
            (None, Some(code)) => Ok(code),
            (None, None) => Err(Refused::Unusable(anyhow::anyhow!("it sent neither a code nor an error"))),
        }
    }
}

/// An error as RFC 6749 allows it to be written: a word.
fn error_word(error: &str) -> String {
    error.chars().filter(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter)).take(60).collect()
}

/// The provider by which people log in.
pub struct Provider {
    issuer: IssuerUrl,
    scopes: Vec<Scope>,
    names: Names,
    title: String,
    discovery: Discovery,
}

impl Provider {
    /// The provider that is set, if one is.
    pub fn new(args: &AccessArgs) -> Option<Self> {
        let oidc = &args.oidc;
        // The settings require these of each other.
        let (issuer, client) = (oidc.oidc_issuer.clone()?, oidc.oidc_client_id.clone()?);
        let redirect = format!("{}{CALLBACK}", args.public_url()?);
        let redirect = RedirectUrl::new(redirect).ok()?;
        // That it is OpenID is said by the crate.
        let scopes = oidc.oidc_scopes.iter().filter(|scope| !scope.is_empty() && *scope != "openid");
        Some(Self {
            scopes: scopes.cloned().map(Scope::new).collect(),
            names: Names { name: oidc.oidc_name_claim.clone(), groups: oidc.oidc_groups_claim.clone() },
            title: oidc.oidc_title.clone(),
            discovery: Discovery::new(issuer.clone(), client, oidc.oidc_client_secret.clone(), redirect),
            issuer,
        })
    }

    /// What the link to it says.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Where to send somebody, and what their browser keeps meanwhile.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn begin(&self, next: &str) -> Result<(String, Errand), Refused> {
        let known = self.discovery.known().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let errand = Errand::new(next, verifier);
        let (state, nonce) = (errand.state.clone(), errand.nonce.clone());
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = known.client.authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce));
        let (address, _, _) = request.add_scopes(self.scopes.iter().cloned()).set_pkce_challenge(challenge).url();
        Ok((address.to_string(), errand))
    }

    /// Who has come back.
    ///
    /// # Errors
    /// When the answer is not one to this errand, or says no, or cannot be believed; or the provider does not answer.
    pub async fn finish(&self, errand: &Errand, answer: &Answer) -> Result<Person, Refused> {
        let code = AuthorizationCode::new(answer.code(errand)?.to_owned());
        let known = self.discovery.known().await?;
        let request = known.client.exchange_code(code).map_err(|error| Refused::Unusable(error.into()))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(errand.verifier.clone()));
        let tokens: Tokens = request.request_async(&known.http).await.map_err(|error| match error {
            RequestTokenError::Request(error) => Refused::Away(Some(error.into())),
            // The answer itself may hold tokens: it is not told.
            RequestTokenError::Parse(..) => Refused::Unusable(anyhow::anyhow!("its tokens cannot be read")),
            error => Refused::Unusable(error.into()),
        })?;
        let claims = self.verify(&known, &tokens, &Nonce::new(errand.nonce.clone())).await?;
        let mut told = claims::told(&claims).map_err(Refused::Unusable)?;
        if !self.names.are_told(&told) {
            // Many tell the rest only when they are asked for it.
            told = claims::merge(told, self.ask_further(&known, &tokens, &claims).await?);
        }
        Person::read(&self.issuer, &self.names, &told).map_err(Refused::Unusable)
    }

    /// Issuer, audience, signature, expiry and nonce. A provider that signs with a new key is asked for its keys again.
    async fn verify(&self, known: &Known, tokens: &Tokens, nonce: &Nonce) -> Result<IdClaims, Refused> {
        let token = tokens.id_token().ok_or_else(|| Refused::Unusable(anyhow::anyhow!("it sent no ID token")))?;
        let verified = match token.claims(&known.client.id_token_verifier(), nonce) {
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let known = self.discovery.known_since(known.at).await?;
                token.claims(&known.client.id_token_verifier(), nonce).cloned()
            }
            verified => verified.cloned(),
        };
        verified.map_err(|error| Refused::Unusable(error.into()))
    }

    /// What the provider tells of somebody who is known to it by this subject.
    async fn ask_further(
        &self,
        known: &Known,
        tokens: &Tokens,
        claims: &IdClaims,
    ) -> Result<serde_json::Map<String, serde_json::Value>, Refused> {
        let subject = Some(claims.subject().clone());
        // A provider without such an address has told everything.
        let Ok(request) = known.client.user_info(tokens.access_token().clone(), subject) else {
            return Ok(serde_json::Map::new());
        };
        let told: Result<UserInfoClaims<Further, CoreGenderClaim>, _> = request.request_async(&known.http).await;
        let told = told.map_err(|error| match error {
            UserInfoError::Request(error) => Refused::Away(Some(error.into())),
            error => Refused::Unusable(error.into()),
        })?;
        claims::told(&told).map_err(Refused::Unusable)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn errand() -> Errand {
        Errand::new("/failures?range=7d", PkceCodeVerifier::new("v".repeat(43)))
    }

    #[test]
    fn an_errand_survives_its_cookie() {
        let errand = errand();
        assert_eq!(Errand::read(&errand.write()), Some(errand.clone()));
        assert!(errand.state != errand.nonce && errand.state.len() == 43);
        let far = Errand::new(&format!("/{}", "x".repeat(5_000)), PkceCodeVerifier::new("v".repeat(128)));
        assert!(far.next == "/" && far.write().len() < 3_500);
        for nonsense in ["", "e30", "not base64!", "bnVsbA"] {
            assert_eq!(Errand::read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn only_an_answer_to_this_errand_counts() {
        let errand = errand();
        let answer = |state: &str, code: Option<&str>, error: Option<&str>| Answer {
            state: Some(state.to_owned()),
            code: code.map(ToOwned::to_owned),
            error: error.map(ToOwned::to_owned),
        };
        assert_eq!(answer(&errand.state, Some("c"), None).code(&errand).unwrap(), "c");
        assert!(matches!(answer("other", Some("c"), None).code(&errand), Err(Refused::Stray)));
        assert!(matches!(answer("", Some("c"), None).code(&errand), Err(Refused::Stray)));
        assert!(matches!(Answer::default().code(&errand), Err(Refused::Stray)));
        assert!(matches!(answer("other", None, Some("access_denied")).code(&errand), Err(Refused::Stray)));
        let denied = answer(&errand.state, Some("c"), Some("access_denied<b>")).code(&errand).unwrap_err();
        assert_eq!(denied.to_string(), "The OpenID provider did not let you in: access_deniedb.");
        assert!(matches!(answer(&errand.state, None, None).code(&errand), Err(Refused::Unusable(_))));
    }
}
