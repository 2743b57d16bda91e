//! Who asks: a key, a session, a trusted proxy, or nobody; an OpenID provider lets sessions begin. What they may is
//! declared with each route, in `http`.

pub mod oidc;
pub mod password;
pub mod proxy;
pub mod settings;
pub mod throttle;
pub mod token;
mod vouching;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, header};
use domain::access::{Caller, Role, Scope};
use moka::sync::Cache;
use serde_json::{Value, json};
use store::{
    Pool, StoreError,
    sessions::Limits,
    users::{Source, User},
};

pub use self::vouching::{Change, TurnedAway, Vouched, Voucher};
use self::{
    oidc::Provider,
    proxy::Proxies,
    settings::{AccessArgs, Anonymous},
};

/// The cookie of a session.
pub const SESSION: &str = "tidemark_session";

/// The cookie of a browser from which somebody logged in.
pub const DEVICE: &str = "tidemark_device";

/// For so long an answer of the database about somebody is taken as it was: what another server changed counts after it.
const KNOWN_FOR: Duration = Duration::from_secs(5);

/// For so long who was known may go on looking while the database is away.
const KEPT_FOR: Duration = Duration::from_secs(600);

/// People and keys that are known at once.
const KEPT: u64 = 10_000;

/// Who asks for something, and from where.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Who; `None` where looking without a login is off.
    pub caller: Option<Caller>,
    /// From where.
    pub origin: IpAddr,
    /// Whether the browser speaks TLS.
    pub is_secure: bool,
    /// The hash of the token of the session, where there is one.
    pub session: Option<[u8; 32]>,
}

impl Identity {
    /// How who asks is called in the audit log.
    pub fn actor(&self) -> String {
        self.caller.as_ref().and_then(|caller| caller.name.clone()).unwrap_or_else(|| "nobody".to_owned())
    }
}

/// Finds out who asks. Clones share what is known.
#[derive(Clone)]
pub struct Access {
    pool: Pool,
    args: Arc<AccessArgs>,
    anonymous: Anonymous,
    proxies: Arc<Proxies>,
    known: Cache<[u8; 32], Known>,
    provider: Option<Arc<Provider>>,
}

#[derive(Clone)]
struct Known {
    caller: Caller,
    at: Instant,
}

impl Access {
    /// Nobody is known yet.
    pub fn new(pool: Pool, args: &AccessArgs, anonymous: Anonymous) -> Self {
        let known = Cache::builder().max_capacity(KEPT).time_to_live(KEPT_FOR).build();
        let (args, proxies) = (Arc::new(args.clone()), Arc::new(args.proxies()));
        let provider = Provider::new(&args).map(Arc::new);
        Self { pool, args, anonymous, proxies, known, provider }
    }

    /// The OpenID provider by which people log in, where there is one.
    pub fn provider(&self) -> Option<&Provider> {
        self.provider.as_deref()
    }

    /// How long sessions last.
    pub fn limits(&self) -> Limits {
        self.args.limits()
    }

    /// How browsers reach this server: as it was set, else as this one did.
    pub fn public_url(&self, headers: &HeaderMap) -> String {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
        self.args.public_url().unwrap_or_else(|| format!("http://{host}"))
    }

    /// Something about somebody has changed: everybody is looked up anew.
    pub fn forget(&self) {
        self.known.invalidate_all();
    }

    /// Who asks. While the database is known to be away, who was known before is let in.
    ///
    /// # Errors
    /// When the database does not answer and nobody like that is known.
    pub async fn identify(
        &self,
        headers: &HeaderMap,
        peer: SocketAddr,
        is_database_away: bool,
    ) -> Result<Identity, StoreError> {
        let session = cookie(headers, SESSION).map(token::hash);
        let caller = match bearer(headers) {
            // A key that is wrong is not made up for by anything else.
            Some(key) => self.of_key(token::hash(key), is_database_away).await?,
            None => self.of_person(headers, peer, session, is_database_away).await?,
        };
        let is_secure = self.args.is_public_secure() || self.proxies.is_secure(peer, headers);
        Ok(Identity { caller, origin: self.proxies.origin(peer, headers), is_secure, session })
    }

    async fn of_person(
        &self,
        headers: &HeaderMap,
        peer: SocketAddr,
        session: Option<[u8; 32]>,
        is_database_away: bool,
    ) -> Result<Option<Caller>, StoreError> {
        if let Some(session) = session {
            let look = async { Ok(store::sessions::find(&self.pool, &session, &self.limits()).await?.map(caller)) };
            if let Some(caller) = self.look(session, is_database_away, look).await? {
                return Ok(Some(caller));
            }
        }
        if let Some((name, groups)) = self.proxies.user(peer, headers) {
            let place = token::hash(&format!("proxy\0{name}\0{}", groups.join("\0")));
            let voucher = Voucher { source: Source::Proxy, name: &name, subject: None, groups: &groups };
            let look = async { Ok(self.vouched(voucher).await?.ok().map(|vouched| caller(vouched.user))) };
            return self.look(place, is_database_away, look).await;
        }
        Ok((self.anonymous == Anonymous::Viewer).then(Caller::anonymous))
    }

    async fn of_key(&self, hash: [u8; 32], is_database_away: bool) -> Result<Option<Caller>, StoreError> {
        let look = async {
            let found = store::api_keys::find(&self.pool, &hash).await?;
            Ok(found.map(|(name, role, scope)| Caller { name: Some(format!("key {name}")), role, scope, user: None }))
        };
        self.look(hash, is_database_away, look).await
    }

    async fn look(
        &self,
        place: [u8; 32],
        is_database_away: bool,
        look: impl Future<Output = Result<Option<Caller>, StoreError>>,
    ) -> Result<Option<Caller>, StoreError> {
        let known = self.known.get(&place);
        if let Some(known) = known.as_ref().filter(|known| is_database_away || known.at.elapsed() < KNOWN_FOR) {
            return Ok(Some(known.caller.clone()));
        }
        match look.await {
            Ok(Some(caller)) => {
                self.known.insert(place, Known { caller: caller.clone(), at: Instant::now() });
                Ok(Some(caller))
            }
            Ok(None) => {
                self.known.invalidate(&place);
                Ok(None)
            }
            Err(error) => known.filter(|_| error.is_unreachable()).map(|known| Some(known.caller)).ok_or(error),
        }
    }
}

/// Somebody as they ask for things.
pub fn caller(user: User) -> Caller {
    Caller { name: Some(user.name), role: user.role, scope: user.scope, user: Some(user.id) }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The key that a program shows.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// What somebody may do and see, for the audit log.
pub fn rights_words(role: Role, scope: &Scope) -> Value {
    json!({ "role": role.word(), "organizations": scope.organizations() })
}
