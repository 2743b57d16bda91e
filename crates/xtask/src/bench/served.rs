//! A server to ask, and how long it takes to answer.

use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server, stopped cleanly when this is dropped.
pub struct Served {
    process: Child,
    address: SocketAddr,
}

impl Served {
    /// Serves a database with this binary, and waits until it is ready.
    pub fn start(binary: &Path, database_url: &str) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut serve = Command::new(binary);
        // No refresh in between: all answers are of one version of the data.
        serve.args(["serve", "--addr", &address.to_string(), "--interval", "1h"]).env("DATABASE_URL", database_url);
        serve.env("TIDEMARK_ANONYMOUS", "viewer").stdout(Stdio::null()).stderr(Stdio::null());
        let served = Self { process: serve.spawn().context("cannot start the server")?, address };
        let deadline = Instant::now() + Duration::from_secs(120);
        while Instant::now() < deadline {
            if served.ask("/readyz").is_ok() {
                return Ok(served);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the server was not ready within 120 s")
    }

    /// What is at an address, which must be a success, and the time from sending the request to the last byte.
    pub fn ask(&self, path: &str) -> Result<(String, Duration)> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let started = Instant::now();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let time = started.elapsed();
        if !answer.starts_with(b"HTTP/1.1 200") {
            bail!("{path} is not answered with 200");
        }
        Ok((String::from_utf8_lossy(&answer).into_owned(), time))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let process = nix::unistd::Pid::from_raw(self.process.id().cast_signed());
        let _ = nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGTERM);
        let _ = self.process.wait();
    }
}
