//! Behind a reverse proxy that speaks TLS.

use std::error::Error;

use fresh_database::FreshDatabase;

use super::running::{Server, tidemark, told};

/// The cookies that come with a first password.
fn cookies(database: &FreshDatabase, server: &Server, name: &str) -> Result<String, Box<dyn Error>> {
    let added = told(&mut tidemark(&database.url, &["user", "add", name, "--role", "admin"]));
    let link = added.stdout.split_whitespace().find(|word| word.contains("/invitations/")).ok_or("no link")?;
    let (_, token) = link.rsplit_once('/').ok_or("no token")?;
    let body = "password=a+rather+long+sentence&again=a+rather+long+sentence";
    let sent = server.send("POST", &format!("/invitations/{token}"), "application/x-www-form-urlencoded", body);
    assert_eq!(sent.status, 303, "{sent:?}");
    Ok(sent.header("set-cookie").to_owned())
}

#[tokio::test]
async fn with_an_address_that_speaks_tls_cookies_and_pages_are_for_that_alone() -> Result<(), Box<dyn Error>> {
    let database = FreshDatabase::migrated().await;
    let plain = Server::start(&database, &["--interval", "1h"]);
    assert_eq!(plain.get("/").header("strict-transport-security"), "");
    assert!(!cookies(&database, &plain, "Anna")?.contains("Secure"));
    let secure = Server::start(&database, &["--interval", "1h", "--public-url", "https://tidemark.example"]);
    assert_eq!(secure.get("/").header("strict-transport-security"), "max-age=31536000");
    let cookie = cookies(&database, &secure, "Berta")?;
    assert!(cookie.contains("HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    Ok(())
}

#[tokio::test]
async fn who_a_proxy_names_counts_only_from_addresses_that_are_listed() {
    let database = FreshDatabase::migrated().await;
    let named = [("x-forwarded-user", "anna"), ("x-groups", "platform")];
    let status = |proxies: &str| {
        let header = ["--proxy-user-header", "x-forwarded-user", "--proxy-groups-header", "x-groups"];
        let others = ["--anonymous", "off", "--group-roles", "platform=admin", "--trusted-proxies", proxies];
        let server = Server::start(&database, &[&header[..], &others[..]].concat());
        server.ask("GET", "/admin/users", &named).status
    };
    assert_eq!((status("127.0.0.1"), status("10.0.0.5")), (200, 401));
}
