//! What a reverse proxy says: where a request really comes from, and who asks. Only listed ones are believed.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

/// Proxies that are believed.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// Their addresses.
    pub trusted: Vec<IpNet>,
    /// The header with the name of who asks.
    pub user_header: Option<HeaderName>,
    /// The header with the groups of who asks, with commas.
    pub groups_header: Option<HeaderName>,
}

impl Proxies {
    fn is_trusted(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// Where a request comes from: the last address that no trusted proxy has.
    pub fn origin(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        let mut origin = peer.ip().to_canonical();
        let forwarded = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok());
        let mut hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
        while self.is_trusted(origin) {
            match hops.pop().map(str::parse::<IpAddr>) {
                Some(Ok(hop)) => origin = hop.to_canonical(),
                // What is no address was not written by a proxy that can be believed.
                Some(Err(_)) | None => break,
            }
        }
        origin
    }

    /// Whether the browser speaks TLS to the proxy.
    pub fn is_secure(&self, peer: SocketAddr, headers: &HeaderMap) -> bool {
        self.is_trusted(peer.ip()) && headers.get("x-forwarded-proto").is_some_and(|value| value == "https")
    }

    /// Who asks, and their groups, if a trusted proxy says so.
    pub fn user(&self, peer: SocketAddr, headers: &HeaderMap) -> Option<(String, Vec<String>)> {
        let header = self.user_header.as_ref().filter(|_| self.is_trusted(peer.ip()))?;
        let mut names = headers.get_all(header).into_iter();
        // Two names mean that one of them came through the proxy from outside.
        let name = names.next().filter(|_| names.next().is_none())?.to_str().ok()?;
        let name = domain::access::check_name(name).ok()?.to_owned();
        let groups = self.groups_header.as_ref().map(|header| headers.get_all(header));
        let groups = groups.into_iter().flatten().filter_map(|value| value.to_str().ok());
        let groups = groups.flat_map(|value| value.split(',')).map(str::trim).filter(|group| !group.is_empty());
        Some((name, groups.map(ToOwned::to_owned).collect()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|&(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn proxies() -> Proxies {
        Proxies {
            trusted: vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()],
            user_header: Some(HeaderName::from_static("x-forwarded-user")),
            groups_header: Some(HeaderName::from_static("x-forwarded-groups")),
        }
    }

    #[test]
    fn only_what_trusted_proxies_say_counts() {
        let (proxy, stranger) = ("10.1.2.3:80".parse().unwrap(), "192.0.2.7:80".parse().unwrap());
        let said = headers(&[("x-forwarded-user", "anna"), ("x-forwarded-groups", "ops, staff")]);
        let groups = vec!["ops".to_owned(), "staff".to_owned()];
        assert_eq!(proxies().user(proxy, &said), Some(("anna".to_owned(), groups)));
        assert_eq!(proxies().user(stranger, &said), None);
        assert_eq!(
            proxies().user("[::ffff:10.1.2.3]:80".parse().unwrap(), &said).map(|(name, _)| name),
            Some("anna".into())
        );
        assert_eq!(Proxies::default().user(proxy, &said), None);
        let mut twice = said.clone();
        twice.append("x-forwarded-user", "root".parse().unwrap());
        assert_eq!(proxies().user(proxy, &twice), None, "a name that came from outside spoils both");
        assert!(proxies().is_secure(proxy, &headers(&[("x-forwarded-proto", "https")])));
        assert!(!proxies().is_secure(stranger, &headers(&[("x-forwarded-proto", "https")])));
    }

    #[test]
    fn the_origin_is_the_last_address_that_no_proxy_has() {
        let proxy = "10.1.2.3:80".parse().unwrap();
        let origin = |peer, hops: &str| proxies().origin(peer, &headers(&[("x-forwarded-for", hops)])).to_string();
        assert_eq!(origin(proxy, "198.51.100.1, 192.0.2.7, 10.0.0.9"), "192.0.2.7");
        assert_eq!(origin("192.0.2.7:80".parse().unwrap(), "198.51.100.1"), "192.0.2.7", "strangers are not believed");
        assert_eq!(origin(proxy, "nonsense"), "10.1.2.3");
        assert_eq!(origin(proxy, ""), "10.1.2.3");
    }
}
