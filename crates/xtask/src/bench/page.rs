//! `cargo xtask bench page`: how long a page takes to come.

use crate::step::Steps;
use crate::{product, root};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Requests per path; their median is told.
const ROUNDS: usize = 200;

/// Measures and prints a table.
pub fn run() -> Result<()> {
    let binary = product::build(&mut Steps::default(), false)?;
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut serve = Command::new(binary);
    serve.args(["serve", "--addr", &address.to_string(), "--data-dir"]).arg(root().join(".tidemark"));
    serve.env("TIDEMARK_ANONYMOUS", "viewer").stdout(Stdio::null()).stderr(Stdio::null());
    let server = Server(serve.spawn().context("cannot start the server")?);
    wait_until_ready(address)?;
    let baseline = median(address, "/healthz")?;
    let page = median(address, "/")?;
    drop(server);
    println!("page: time to the first byte, median of {ROUNDS}");
    for (path, time) in [("/healthz", baseline), ("/", page)] {
        let ratio = time.as_secs_f64() / baseline.as_secs_f64();
        println!("  {path:<12} {:>9.3} ms {ratio:>8.2} x", time.as_secs_f64() * 1000.0);
    }
    Ok(())
}

/// The server, stopped cleanly when this is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let process = nix::unistd::Pid::from_raw(self.0.id().cast_signed());
        let _ = nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGTERM);
        let _ = self.0.wait();
    }
}

fn wait_until_ready(address: SocketAddr) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(120);
    while Instant::now() < deadline {
        if first_byte(address, "/readyz").is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("the server was not ready within 120 s")
}

fn median(address: SocketAddr, path: &str) -> Result<Duration> {
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| first_byte(address, path)).collect::<Result<_>>()?;
    times.sort();
    times.get(ROUNDS / 2).copied().context("nothing was measured")
}

/// The time from sending a request to the first byte of its answer, which must be a success.
fn first_byte(address: SocketAddr, path: &str) -> Result<Duration> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let started = Instant::now();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut reader = BufReader::new(stream);
    reader.fill_buf()?;
    let time = started.elapsed();
    let mut answer = Vec::new();
    reader.read_to_end(&mut answer)?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        bail!("{path} is not answered with 200");
    }
    Ok(time)
}
