//! Settings that cannot be: each is told in a line that says what would be right.

use std::net::TcpListener;

use super::running::{tidemark, told};

const NOWHERE: &str = "postgres://user:sesame@127.0.0.1:1/db";

#[test]
fn a_bad_setting_is_told_with_what_would_be_right() {
    let cases: [(&[&str], &str, &str); 8] = [
        (&["serve", "--addr", "nonsense"], "--addr", "127.0.0.1:8640"),
        (&["serve", "--interval", "0s"], "--interval", "at least 1s"),
        (&["serve", "--interval", "soon"], "--interval", "30s"),
        (&["serve", "--profile", "x"], "live, production, development, low-traffic", ""),
        (&["serve", "--budget", "5"], "--budget", "as in 5%"),
        (&["serve", "--pulse", "1ms"], "--pulse", "at least 100ms"),
        (&["serve", "--anonymous", "x"], "viewer, off", ""),
        (&["status", "--max-connections", "1"], "--max-connections", "4..=500"),
    ];
    for (arguments, setting, right) in cases {
        let told = told(&mut tidemark(NOWHERE, arguments));
        assert!(told.code.is_some_and(|code| code != 0) && told.stdout.is_empty(), "{arguments:?}: {told:?}");
        let mut lines = told.stderr.lines();
        assert!(lines.any(|line| line.contains(setting) && line.contains(right)), "{arguments:?}: {told:?}");
    }
}

#[test]
fn a_bad_variable_is_told_like_a_bad_flag() {
    let told = told(tidemark(NOWHERE, &["serve"]).env("TIDEMARK_INTERVAL", "0s"));
    assert_eq!(told.code, Some(2));
    assert!(told.stderr.contains("at least 1s"), "{told:?}");
}

#[test]
fn an_address_that_is_none_is_told_with_one_that_is() {
    for url in ["garbage", "postgres://user:sesame@host:port/db"] {
        for command in ["serve", "status", "refresh", "migrate"] {
            let free_port: &[&str] = if command == "serve" { &["--addr", "127.0.0.1:0"] } else { &[] };
            let told = told(tidemark(url, &[command]).args(free_port));
            assert_eq!(told.code, Some(2), "{command} {told:?}");
            assert_eq!(told.stderr.lines().count(), 1, "{command} {told:?}");
            assert!(told.stderr.contains("postgres://user:password@host:5432/name"), "{command} {told:?}");
            assert!(!told.stderr.contains("sesame"), "{command} {told:?}");
        }
    }
}

#[test]
fn a_port_that_is_taken_is_told_before_a_postgres_is_started() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let mut command = tidemark("", &["serve", "--addr", &address, "--data-dir", &data_dir.display().to_string()]);
    let told = told(command.env_remove("DATABASE_URL"));
    assert_eq!(told.code, Some(2));
    assert_eq!(told.stderr, format!("tidemark: cannot listen on {address}: Address already in use (os error 98)\n"));
    assert!(!data_dir.exists());
}
