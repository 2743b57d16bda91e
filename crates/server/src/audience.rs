//! Who looks: browsers that listen for news, and whoever asked for something not long ago. Only for them the server keeps
//! up with every change; with nobody there it takes its time.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;

/// How long somebody who asks counts as looking. A page whose events are cut asks every five seconds.
const LOOKS_FOR: Duration = Duration::from_secs(10);

/// How long after a page another one is to be expected.
const PAGES_FOR: Duration = Duration::from_secs(60);

/// Counts who looks. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Audience(Arc<watch::Sender<Attendance>>);

/// Who looks at a moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attendance {
    listening: usize,
    asked_at: Option<Instant>,
    page_asked_at: Option<Instant>,
}

/// Somebody who listens until this is dropped.
#[derive(Debug)]
pub struct Seat(Audience);

impl Audience {
    /// Somebody begins to listen.
    pub fn listen(&self) -> Seat {
        self.0.send_modify(|attendance| attendance.listening += 1);
        Seat(self.clone())
    }

    /// Somebody asked for data.
    pub fn ask(&self) {
        self.0.send_modify(|attendance| attendance.asked_at = Some(Instant::now()));
    }

    /// Somebody asked for a page.
    pub fn ask_page(&self) {
        let now = Some(Instant::now());
        self.0.send_modify(|attendance| (attendance.asked_at, attendance.page_asked_at) = (now, now));
    }

    /// Hears of everybody who comes or asks.
    pub fn watch(&self) -> watch::Receiver<Attendance> {
        self.0.subscribe()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.0.send_if_modified(|attendance| {
            attendance.listening -= 1;
            false
        });
    }
}

impl Attendance {
    /// Whether somebody looks.
    pub fn is_looking(&self) -> bool {
        self.listening > 0 || is_recent(self.asked_at, LOOKS_FOR)
    }

    /// Whether pages are being asked for.
    pub fn wants_pages(&self) -> bool {
        is_recent(self.page_asked_at, PAGES_FOR)
    }
}

fn is_recent(moment: Option<Instant>, within: Duration) -> bool {
    moment.is_some_and(|moment| moment.elapsed() < within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_looks_until_leaving() {
        let audience = Audience::default();
        let mut watched = audience.watch();
        assert!(!watched.borrow_and_update().is_looking());
        let (one, other) = (audience.listen(), audience.listen());
        assert!(watched.has_changed().is_ok_and(|changed| changed), "the server wakes up at once");
        drop(one);
        assert!(watched.borrow_and_update().is_looking() && !watched.borrow().wants_pages());
        drop(other);
        assert!(!watched.borrow().is_looking());
        assert!(watched.has_changed().is_ok_and(|changed| !changed), "there is no hurry when somebody leaves");
    }

    #[test]
    fn who_asks_looks_for_a_while() {
        let audience = Audience::default();
        audience.ask();
        assert!(audience.watch().borrow().is_looking() && !audience.watch().borrow().wants_pages());
        audience.ask_page();
        assert!(audience.watch().borrow().is_looking() && audience.watch().borrow().wants_pages());
        let long_ago = Instant::now().checked_sub(PAGES_FOR);
        let before = Attendance { listening: 0, asked_at: long_ago, page_asked_at: long_ago };
        assert!(!before.is_looking() && !before.wants_pages());
    }
}
