//! Runs the binary, and asks a server that runs.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use fresh_database::{FreshDatabase, until};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tempfile::NamedTempFile;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The binary with just these settings: nothing of the environment of the tests.
pub fn tidemark(database_url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidemark"));
    command.env_clear().env("DATABASE_URL", database_url).args(arguments);
    command
}

/// What a command said, and its exit code.
#[derive(Debug)]
pub struct Told {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

/// Runs a command to its end.
pub fn told(command: &mut Command) -> Told {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Told { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
}

/// A server that runs until this is dropped.
pub struct Server {
    child: Child,
    /// Host and port.
    pub address: String,
    /// Shown with every request that changes something.
    key: String,
    log: NamedTempFile,
}

impl Server {
    /// Starts one on a free port and waits until it listens.
    pub fn start(database: &FreshDatabase, arguments: &[&str]) -> Self {
        let made = told(&mut tidemark(&database.url, &["key", "add", "tests", "--role", "operator"]));
        assert_eq!(made.code, Some(0), "{made:?}");
        let key = made.stdout.trim().to_owned();
        let log = NamedTempFile::new().unwrap();
        let mut command = tidemark(&database.url, &["serve", "--addr", "127.0.0.1:0"]);
        command.env("RUST_LOG", "info,tidemark=debug").env("TIDEMARK_ANONYMOUS", "viewer");
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(log.reopen().unwrap()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut server = Self { child, address: String::new(), key, log };
        let address = line.trim_end().strip_prefix("Tidemark is at http://");
        server.address = address.unwrap_or_else(|| panic!("{line:?} {}", server.log())).to_owned();
        server
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap()
    }

    /// Asks for a page.
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// Asks without a body. A header `content-length` only announces one.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut answer = String::new();
        self.listen(method, path, headers).read_to_string(&mut answer).unwrap();
        Answer::read(&answer)
    }

    /// Sends a body.
    pub fn send(&self, method: &str, path: &str, content_type: &str, body: &str) -> Answer {
        let length = body.len().to_string();
        let mut stream = self.listen(method, path, &[("content-type", content_type), ("content-length", &length)]);
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        Answer::read(&answer)
    }

    /// Asks, and leaves the answer to be read.
    pub fn listen(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let is_anonymous = method == "GET" || headers.iter().any(|(name, _)| *name == "authorization");
        let key = if is_anonymous { String::new() } else { format!("authorization: Bearer {}\r\n", self.key) };
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        // In this version an answer ends with its connection, and comes in one piece.
        write!(stream, "{method} {path} HTTP/1.0\r\nhost: {}\r\n{key}{headers}\r\n", self.address).unwrap();
        stream
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        kill(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGTERM).unwrap();
    }

    /// How it ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// An answer by HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap().parse().unwrap();
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { status, headers: lines.map(|line| header(line).unwrap()).collect(), body: body.to_owned() }
    }

    /// A header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value)
    }
}

/// Waits until the server's own first refresh is done.
pub async fn refreshed(database: &FreshDatabase) {
    let runs = "select count(distinct run_id) from tidemark.refresh_log where success";
    until("the first refresh is done", async || database.number(runs).await > 0).await;
}
