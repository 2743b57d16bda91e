//! Addresses and keys of the provider: asked for when they are needed, kept for a while.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use openidconnect::{
    AuthType, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, RedirectUrl,
    StandardErrorResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreTokenIntrospectionResponse,
    },
};
use reqwest::redirect::Policy;
use tokio::sync::Mutex;

use super::{Refused, Tokens, claims::Further};

/// For so long addresses and keys are taken as they were.
const KEPT_FOR: Duration = Duration::from_secs(3_600);

/// A provider that did not answer, or whose keys were just read, is left alone for so long.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(3);

/// For an answer of the provider.
const TIMEOUT: Duration = Duration::from_secs(5);

pub type Client = openidconnect::Client<
    Further,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What is known of the provider.
pub struct Known {
    /// Speaks OpenID with it.
    pub client: Client,
    /// Speaks HTTP with it.
    pub http: reqwest::Client,
    /// Since when.
    pub at: Instant,
}

/// Finds out about the provider.
pub struct Discovery {
    issuer: IssuerUrl,
    client: ClientId,
    secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    place: Mutex<Place>,
}

#[derive(Default)]
struct Place {
    known: Option<Arc<Known>>,
    away_since: Option<Instant>,
}

impl Discovery {
    /// Nothing is known yet.
    pub fn new(issuer: IssuerUrl, client: String, secret: Option<ClientSecret>, redirect: RedirectUrl) -> Self {
        Self { issuer, client: ClientId::new(client), secret, redirect, place: Mutex::default() }
    }

    /// What is known, or found out now.
    ///
    /// # Errors
    /// When nothing is known, and the provider does not answer.
    pub async fn known(&self) -> Result<Arc<Known>, Refused> {
        self.younger_than(KEPT_FOR).await
    }

    /// What was found out after `at`, unless that was just now.
    ///
    /// # Errors
    /// As above.
    pub async fn known_since(&self, at: Instant) -> Result<Arc<Known>, Refused> {
        self.younger_than(at.elapsed().max(LEFT_ALONE_FOR)).await
    }

    /// One asks, others wait for what comes of it. What is known is better than nothing when nothing comes.
    async fn younger_than(&self, age: Duration) -> Result<Arc<Known>, Refused> {
        let mut place = self.place.lock().await;
        let young = place.known.as_ref().filter(|known| known.at.elapsed() < age);
        if let Some(known) = young {
            return Ok(known.clone());
        }
        if place.away_since.is_some_and(|since| since.elapsed() < LEFT_ALONE_FOR) {
            return place.known.clone().ok_or(Refused::Away(None));
        }
        match self.ask().await {
            Ok(known) => {
                let known = Arc::new(known);
                *place = Place { known: Some(known.clone()), away_since: None };
                Ok(known)
            }
            Err(error) => {
                place.away_since = Some(Instant::now());
                place.known.clone().ok_or(Refused::Away(Some(error)))
            }
        }
    }

    async fn ask(&self) -> anyhow::Result<Known> {
        // A redirect could lead into the network of this server.
        let http = reqwest::Client::builder().redirect(Policy::none()).timeout(TIMEOUT).build()?;
        let provider = CoreProviderMetadata::discover_async(self.issuer.clone(), &http).await?;
        let methods = provider.token_endpoint_auth_methods_supported().map(Vec::as_slice).unwrap_or_default();
        let auth_type = auth_type(methods);
        let client = Client::from_provider_metadata(provider, self.client.clone(), self.secret.clone());
        let client = client.set_redirect_uri(self.redirect.clone()).set_auth_type(auth_type);
        Ok(Known { client, http, at: Instant::now() })
    }
}

/// Basic is what every provider knows, unless it says otherwise.
fn auth_type(methods: &[CoreClientAuthMethod]) -> AuthType {
    let knows = |method| methods.contains(&method);
    let is_in_body = knows(CoreClientAuthMethod::ClientSecretPost) && !knows(CoreClientAuthMethod::ClientSecretBasic);
    if is_in_body { AuthType::RequestBody } else { AuthType::BasicAuth }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_secret_goes_where_the_provider_reads_it() {
        let (post, basic) = (CoreClientAuthMethod::ClientSecretPost, CoreClientAuthMethod::ClientSecretBasic);
        assert!(matches!(auth_type(&[]), AuthType::BasicAuth));
        assert!(matches!(auth_type(&[post.clone(), basic]), AuthType::BasicAuth));
        assert!(matches!(auth_type(&[post]), AuthType::RequestBody));
    }

    #[tokio::test]
    async fn a_provider_that_is_away_is_left_alone_for_a_while() {
        // Nothing listens there.
        let issuer = IssuerUrl::new("http://127.0.0.1:1".to_owned()).unwrap();
        let redirect = RedirectUrl::new("http://127.0.0.1/login/oidc/callback".to_owned()).unwrap();
        let discovery = Discovery::new(issuer, "tidemark".to_owned(), None, redirect);
        assert!(matches!(discovery.known().await, Err(Refused::Away(Some(_)))));
        assert!(matches!(discovery.known().await, Err(Refused::Away(None))), "it was not asked again");
    }
}
