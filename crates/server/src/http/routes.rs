//! Routes are declared with what they need: there is no other way to answer anything.

use axum::{
    Router,
    extract::{FromRequestParts, Request, State},
    handler::Handler,
    http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodFilter, any, on},
};
use domain::access::{Caller, Role};

use crate::{access::Identity, http::problem::Problem};

/// What a route needs of who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Nothing: it shows no data.
    Nothing,
    /// At least this role.
    Role(Role),
}

impl Needs {
    /// Looking.
    pub const VIEWER: Self = Self::Role(Role::Viewer);
    /// Refreshing, marking and resolving.
    pub const OPERATOR: Self = Self::Role(Role::Operator);
    /// Everything.
    pub const ADMIN: Self = Self::Role(Role::Admin);
}

/// A route as it was declared.
#[derive(Debug, Clone)]
#[cfg_attr(not(test), allow(dead_code, reason = "a test walks them"))]
pub struct Declared {
    /// How it is asked for.
    pub method: Method,
    /// Where.
    pub path: String,
    /// What it needs.
    pub needs: Needs,
}

/// Routes on their way to a [`Router`].
#[derive(Default)]
pub struct Routes {
    router: Router<super::State>,
    #[cfg_attr(not(test), allow(dead_code, reason = "a test walks them"))]
    declared: Vec<Declared>,
}

impl Routes {
    /// Answers a path.
    pub fn at<H, T>(mut self, needs: Needs, method: Method, path: &str, handler: H) -> Self
    where
        H: Handler<T, super::State>,
        T: 'static,
    {
        // Every method that is used here has a filter.
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
        let check = middleware::from_fn(move |request, next| require(needs, request, next));
        self.router = self.router.route(path, on(filter, handler).layer(check));
        self.declared.push(Declared { method, path: path.to_owned(), needs });
        self
    }

    /// Shows a path to whoever may read.
    pub fn get<H, T>(self, needs: Needs, path: &str, handler: H) -> Self
    where
        H: Handler<T, super::State>,
        T: 'static,
    {
        self.at(needs, Method::GET, path, handler)
    }

    /// Changes something.
    pub fn post<H, T>(self, needs: Needs, path: &str, handler: H) -> Self
    where
        H: Handler<T, super::State>,
        T: 'static,
    {
        self.at(needs, Method::POST, path, handler)
    }

    /// Answers what has no path of its own.
    pub fn fallback<H, T>(mut self, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, super::State>,
        T: 'static,
    {
        let check = middleware::from_fn(move |request, next| require(needs, request, next));
        self.router = self.router.fallback(any(handler).layer(check));
        self.declared.push(Declared { method: Method::GET, path: "/nowhere".to_owned(), needs });
        self
    }

    /// The router, and all that was declared.
    pub fn finish(self) -> (Router<super::State>, Vec<Declared>) {
        (self.router, self.declared)
    }
}

/// Finds out who asks, before any route is looked for.
pub async fn identify(State(state): State<super::State>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<axum::extract::ConnectInfo<std::net::SocketAddr>>().map(|info| info.0);
    // Without an address, as in tests, somebody is a stranger from nowhere.
    let peer = peer.unwrap_or_else(|| ([0, 0, 0, 0], 0).into());
    match state.access.identify(request.headers(), peer, state.views.is_database_away()).await {
        Ok(identity) => {
            let is_secure = identity.is_secure;
            request.extensions_mut().insert(identity);
            let mut response = next.run(request).await;
            if is_secure {
                let year = axum::http::HeaderValue::from_static("max-age=31536000");
                response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
            }
            response
        }
        Err(error) => {
            tracing::warn!(%error, "nobody can be told from anybody else");
            Problem::unreachable().into_response()
        }
    }
}

async fn require(needs: Needs, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Identity>().and_then(|identity| identity.caller.as_ref());
    match (needs, caller) {
        (Needs::Nothing, _) => next.run(request).await,
        (Needs::Role(role), Some(caller)) if caller.may(role) => next.run(request).await,
        (Needs::Role(role), Some(_)) => forbidden(role, request.headers()),
        (Needs::Role(_), None) => unknown(request.method(), request.uri(), request.headers()),
    }
}

/// Whether a person waits for a page.
fn is_page(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

/// People log in and come back; programs are told.
fn unknown(method: &Method, address: &Uri, headers: &HeaderMap) -> Response {
    if method == Method::GET && is_page(headers) {
        let next = address.path_and_query().map_or("/", |address| address.as_str());
        let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
        let no_store = [(header::CACHE_CONTROL, "no-store")];
        return (no_store, Redirect::to(&format!("/login?next={next}"))).into_response();
    }
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "Log in at /login, or send a key: authorization: Bearer KEY.");
    ([(header::WWW_AUTHENTICATE, "Bearer")], problem).into_response()
}

fn forbidden(role: Role, headers: &HeaderMap) -> Response {
    let words = format!("This needs the role {}.", role.word());
    if is_page(headers) {
        let no_store = [(header::CACHE_CONTROL, "no-store")];
        return (StatusCode::FORBIDDEN, no_store, format!("{words} Ask an admin of Tidemark for it.\n"))
            .into_response();
    }
    Problem::new(StatusCode::FORBIDDEN, words).into_response()
}

/// Who asks, where a route needs somebody.
pub struct Known(pub Caller);

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let caller = parts.extensions.get::<Identity>().and_then(|identity| identity.caller.clone());
        caller.map(Known).ok_or_else(|| unknown(&parts.method, &parts.uri, &parts.headers))
    }
}

impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Put there by `identify`, before any route.
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
