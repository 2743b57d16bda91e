//! Settings of who may look and act.

use std::{str::FromStr, time::Duration};

use axum::http::{HeaderName, Uri};
use chrono::TimeDelta;
use clap::{Args, ValueEnum};
use domain::access::Role;
use ipnet::IpNet;
use openidconnect::{ClientSecret, IssuerUrl, url::Host};
use store::sessions::Limits;

use super::proxy::Proxies;

/// Characters of an issuer at most: with the subject they identify somebody in the database.
const ISSUER_LENGTH: usize = 300;

/// What people may do who have not logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Anonymous {
    /// Look at everything
    Viewer,
    /// Nothing
    Off,
}

/// What those may do for whom no group says anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DefaultRole {
    /// Look
    Viewer,
    /// Also refresh and mark
    Operator,
    /// Nothing: they are turned away
    None,
}

/// Who may look, and who may act.
#[derive(Debug, Clone, Args)]
pub struct AccessArgs {
    /// What people may do who have not logged in [default: off; viewer in a demonstration on this machine alone]
    #[arg(long, env = "TIDEMARK_ANONYMOUS")]
    pub anonymous: Option<Anonymous>,
    /// How browsers reach this server, for example https://tidemark.example: with https cookies are only sent so
    #[arg(long, env = "TIDEMARK_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<Uri>,
    /// How long a session lasts without being used
    #[arg(long, env = "TIDEMARK_SESSION_IDLE", default_value = "12h", value_parser = span)]
    pub session_idle: Duration,
    /// How long a session lasts at all
    #[arg(long, env = "TIDEMARK_SESSION_LIFETIME", default_value = "7days", value_parser = span)]
    pub session_lifetime: Duration,
    /// Addresses of proxies that are believed, for example 10.0.0.5 or 10.0.0.0/24
    #[arg(long, env = "TIDEMARK_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which a trusted proxy names who asks, for example x-forwarded-user
    #[arg(long, env = "TIDEMARK_PROXY_USER_HEADER", requires = "trusted_proxies")]
    pub proxy_user_header: Option<HeaderName>,
    /// The header in which it lists their groups, with commas
    #[arg(long, env = "TIDEMARK_PROXY_GROUPS_HEADER", requires = "proxy_user_header")]
    pub proxy_groups_header: Option<HeaderName>,
    /// What groups may do, for example ops=operator,platform=admin; the most of it counts
    #[arg(long, env = "TIDEMARK_GROUP_ROLES", value_delimiter = ',')]
    pub group_roles: Vec<GroupRole>,
    /// What those may do for whom no group says anything
    #[arg(long, env = "TIDEMARK_DEFAULT_ROLE", default_value = "viewer")]
    pub default_role: DefaultRole,
    /// By which OpenID provider people log in.
    #[command(flatten)]
    pub oidc: OidcArgs,
}

/// By which OpenID provider people log in.
#[derive(Debug, Clone, Args)]
pub struct OidcArgs {
    /// The OpenID provider by which people log in, exactly as it calls itself, for example https://id.example/realms/main;
    /// who has an account there may look, unless --default-role is none
    #[arg(long, env = "TIDEMARK_OIDC_ISSUER", value_parser = issuer, requires_all = ["oidc_client_id", "public_url"])]
    pub oidc_issuer: Option<IssuerUrl>,
    /// How it calls this server; there, allow the redirect to the public URL + /login/oidc/callback
    #[arg(long, env = "TIDEMARK_OIDC_CLIENT_ID", requires = "oidc_issuer")]
    pub oidc_client_id: Option<String>,
    /// The secret of this server there, where it has one: set the variable, as others see the flags of a program
    #[arg(long, env = "TIDEMARK_OIDC_CLIENT_SECRET", hide_env_values = true, value_parser = secret, requires = "oidc_issuer")]
    pub oidc_client_secret: Option<ClientSecret>,
    /// What it is asked to tell, with spaces; leave out what it does not know
    #[arg(long, env = "TIDEMARK_OIDC_SCOPES", value_delimiter = ' ', default_value = "openid profile email groups")]
    pub oidc_scopes: Vec<String>,
    /// The claim that lists somebody's groups; dots lead into it, as in realm_access.roles
    #[arg(long, env = "TIDEMARK_OIDC_GROUPS_CLAIM", default_value = "groups")]
    pub oidc_groups_claim: String,
    /// The claim that is somebody's name; without it their email is, else their subject
    #[arg(long, env = "TIDEMARK_OIDC_NAME_CLAIM", default_value = "preferred_username")]
    pub oidc_name_claim: String,
    /// What the link to it says
    #[arg(long, env = "TIDEMARK_OIDC_TITLE", default_value = "Log in with OpenID")]
    pub oidc_title: String,
}

/// What a group may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRole {
    group: String,
    role: Role,
}

impl FromStr for GroupRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (group, role) = text.rsplit_once('=').ok_or("write group=role, as in ops=operator")?;
        let role = Role::from_word(role.trim()).map_err(|right| format!("a role is {right}"))?;
        Ok(Self { group: group.trim().to_owned(), role })
    }
}

impl AccessArgs {
    /// How long sessions last.
    pub fn limits(&self) -> Limits {
        let delta = |duration| TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
        Limits { idle: delta(self.session_idle), absolute: delta(self.session_lifetime) }
    }

    /// Proxies that are believed.
    pub fn proxies(&self) -> Proxies {
        Proxies {
            trusted: self.trusted_proxies.clone(),
            user_header: self.proxy_user_header.clone(),
            groups_header: self.proxy_groups_header.clone(),
        }
    }

    /// How browsers reach this server, where that is set, without a slash at the end.
    pub fn public_url(&self) -> Option<String> {
        self.public_url.as_ref().map(|url| url.to_string().trim_end_matches('/').to_owned())
    }

    /// Whether browsers reach this server by TLS alone.
    pub fn is_public_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme_str() == Some("https"))
    }

    /// Whether roles are given to groups.
    pub fn gives_roles(&self) -> bool {
        !self.group_roles.is_empty()
    }

    /// What somebody of these groups may do; `None` for nothing.
    pub fn role_of(&self, groups: &[String]) -> Option<Role> {
        let given = self.group_roles.iter().filter(|given| groups.contains(&given.group)).map(|given| given.role).max();
        given.or(match self.default_role {
            DefaultRole::Viewer => Some(Role::Viewer),
            DefaultRole::Operator => Some(Role::Operator),
            DefaultRole::None => None,
        })
    }
}

fn public_url(text: &str) -> Result<Uri, String> {
    let url: Uri = text.parse().map_err(|error| format!("{error}; write https://tidemark.example"))?;
    let is_right = matches!(url.scheme_str(), Some("http" | "https")) && url.authority().is_some() && url.path() == "/";
    if is_right { Ok(url) } else { Err("write https:// and a host, without a path".to_owned()) }
}

/// Whoever reads or changes what the provider says is whoever they like: that takes TLS, or a machine of its own.
fn issuer(text: &str) -> Result<IssuerUrl, String> {
    let issuer = IssuerUrl::new(text.to_owned()).map_err(|error| format!("{error}; write https://id.example"))?;
    let url = issuer.url();
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_right = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    if !is_right {
        return Err("write https://; http:// is for a provider on this machine alone".to_owned());
    }
    let is_plain = url.query().is_none() && url.fragment().is_none() && text.len() <= ISSUER_LENGTH;
    if is_plain {
        Ok(issuer)
    } else {
        Err(format!("write a URL without ? and #, of at most {ISSUER_LENGTH} characters"))
    }
}

fn secret(text: &str) -> Result<ClientSecret, String> {
    let is_there = !text.trim().is_empty();
    is_there.then(|| ClientSecret::new(text.to_owned())).ok_or_else(|| "unset it where there is no secret".to_owned())
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let address = text.parse::<std::net::IpAddr>().map(IpNet::from);
    address.or_else(|_| text.parse()).map_err(|_| "write an address or a network, as in 10.0.0.0/24".to_owned())
}

fn span(text: &str) -> Result<Duration, String> {
    let span = humantime::parse_duration(text).map_err(|error| format!("{error}; write 12h or 7days"))?;
    let year = Duration::from_secs(366 * 86_400);
    if span < Duration::from_secs(60) || span > year { Err("from 1min to a year".to_owned()) } else { Ok(span) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        access: AccessArgs,
    }

    fn parse(arguments: &[&str]) -> Result<AccessArgs, String> {
        let parsed = Cli::try_parse_from(["x"].iter().chain(arguments));
        parsed.map(|cli| cli.access).map_err(|error| error.to_string())
    }

    #[test]
    fn the_most_of_what_groups_may_counts() {
        let access = parse(&["--group-roles", "ops=operator,platform=admin,all=viewer", "--default-role", "none"]);
        let role = |groups: &[&str]| {
            let groups: Vec<String> = groups.iter().map(|&group| group.to_owned()).collect();
            access.as_ref().map(|access| access.role_of(&groups)).unwrap_or_default()
        };
        assert_eq!(role(&["all", "platform", "ops"]), Some(Role::Admin));
        assert_eq!((role(&["all"]), role(&["others"]), role(&[])), (Some(Role::Viewer), None, None));
    }

    #[test]
    fn a_secret_is_never_written_down() {
        let public = ["--public-url", "https://tidemark.example", "--oidc-issuer", "http://127.0.0.1:8080/realm"];
        let client = ["--oidc-client-id", "tidemark", "--oidc-client-secret", "hush"];
        let written = format!("{:?}", parse(&[public, client].concat()));
        assert!(written.contains("realm") && written.contains("email") && !written.contains("hush"), "{written}");
    }

    #[test]
    fn what_makes_no_sense_is_told_with_what_would() {
        let refused = |arguments: &[&str]| parse(arguments).err().unwrap_or_default();
        assert!(refused(&["--group-roles", "ops:admin"]).contains("group=role"));
        assert!(refused(&["--group-roles", "ops=root"]).contains("viewer, operator, admin"));
        assert!(refused(&["--trusted-proxies", "proxy.example"]).contains("10.0.0.0/24"));
        assert!(refused(&["--public-url", "tidemark.example/x"]).contains("https://"));
        assert!(refused(&["--session-idle", "1s"]).contains("from 1min"));
        assert!(
            refused(&["--proxy-user-header", "x-user"]).contains("--trusted-proxies"),
            "nobody is believed by accident"
        );
        assert!(refused(&["--oidc-issuer", "https://id.example", "--oidc-client-id", "x"]).contains("--public-url"));
        assert!(refused(&["--oidc-issuer", "http://id.example"]).contains("write https://"));
        assert!(refused(&["--oidc-issuer", "https://id.example?tenant=1"]).contains("without ?"));
        assert!(refused(&["--oidc-client-secret", "hush"]).contains("--oidc-issuer"));
        assert!(parse(&["--trusted-proxies", "10.0.0.5,::1", "--proxy-user-header", "X-User"]).is_ok());
    }
}
