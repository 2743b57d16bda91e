//! How many wrong passwords may be tried. Strangers to an account share its limit, and that of their address; a browser
//! from which its person logged in before has a limit of its own, so that nobody can lock a person out by guessing.

use chrono::TimeDelta;
use store::sessions::Attempts;

/// For how long a failed login counts.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Failed logins of an account, from browsers that are strangers to it.
pub const OF_ACCOUNT: i64 = 10;

/// Failed logins from an address: offices share one.
pub const OF_ADDRESS: i64 = 50;

/// Failed logins from a browser that is known.
pub const OF_DEVICE: i64 = 10;

/// Whether one more login may be tried.
pub fn may_try(attempts: Attempts, is_known_device: bool) -> bool {
    if is_known_device {
        attempts.of_device < OF_DEVICE
    } else {
        attempts.of_account < OF_ACCOUNT && attempts.of_address < OF_ADDRESS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_of_strangers_do_not_lock_out_a_known_browser() {
        let attempts = |of_account, of_address, of_device| Attempts { of_account, of_address, of_device };
        assert!(may_try(attempts(9, 9, 0), false));
        assert!(!may_try(attempts(OF_ACCOUNT, 10, 0), false));
        assert!(!may_try(attempts(0, OF_ADDRESS, 0), false));
        assert!(may_try(attempts(1_000, 1_000, 3), true));
        assert!(!may_try(attempts(0, 0, OF_DEVICE), true));
    }
}
