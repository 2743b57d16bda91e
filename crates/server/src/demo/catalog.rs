//! Who and what there is in the demonstration: organizations, triggers, and what can go wrong.

/// Whom triggers belong to.
pub const ORGANIZATIONS: [&str; 3] = ["Northwind Labs", "Harbor Collective", "Meridian Protocol"];

/// What fires triggers.
pub const EVENTS: [&str; 34] = [
    "Reputation drop",
    "New validator",
    "Identity change",
    "Agent registered",
    "Agent went offline",
    "Score above 90",
    "Score below 50",
    "Negative feedback",
    "Feedback revoked",
    "Validation requested",
    "Validation expired",
    "Stake withdrawn",
    "Stake added",
    "Large transfer",
    "Payment received",
    "Payment overdue",
    "Budget reached",
    "Contract upgraded",
    "Owner transferred",
    "Metadata updated",
    "Endpoint changed",
    "Certificate expiring",
    "Login from a new place",
    "Key rotated",
    "Dispute opened",
    "Dispute resolved",
    "Vote started",
    "Vote ended",
    "Price moved 5%",
    "Gas above limit",
    "Bridge deposit",
    "Oracle deviation",
    "Nightly digest",
    "Weekly digest",
];

/// A way to act.
pub struct Channel {
    /// The action type.
    pub action_type: &'static str,
    /// As triggers call it.
    pub name: &'static str,
    /// Half of the executions are faster, in milliseconds.
    pub median_ms: f64,
    /// Standard deviation of the logarithm of the durations.
    pub spread: f64,
    /// What goes wrong now and then.
    pub errors: &'static [&'static str],
}

/// All ways to act.
pub const CHANNELS: [Channel; 3] = [
    Channel {
        action_type: "telegram",
        name: "Telegram",
        median_ms: 180.0,
        spread: 0.45,
        errors: &[
            "403 Forbidden: bot was blocked by the user",
            "400 Bad Request: chat not found",
            "429 Too Many Requests: retry after 12",
        ],
    },
    Channel {
        action_type: "rest",
        name: "webhook",
        median_ms: 320.0,
        spread: 0.6,
        errors: &[
            "timeout after 5000 ms to api.example.org",
            "500 Internal Server Error from hooks.example.com",
            "connection reset by peer",
            "422 Unprocessable Content: field \"score\" is missing",
        ],
    },
    Channel {
        action_type: "mcp",
        name: "agent",
        median_ms: 640.0,
        spread: 0.7,
        errors: &[
            "tool call failed: notify_owner",
            "session expired, initialize again",
            "timeout after 10000 ms in tools/call",
        ],
    },
];

/// A time when much of one action type went wrong.
pub struct Incident {
    /// The action type.
    pub action_type: &'static str,
    /// Hours before the end of the history when it began.
    pub hours_ago: i64,
    /// How long it took, in minutes.
    pub minutes: i64,
    /// What was said then, and only then.
    pub errors: &'static [&'static str],
}

/// The newest one is within the last day.
pub const INCIDENTS: [Incident; 2] = [
    Incident {
        action_type: "rest",
        hours_ago: 9,
        minutes: 150,
        errors: &[
            "503 Service Unavailable: gateway.example.net has no healthy upstream",
            "TLS handshake failed: certificate of gateway.example.net has expired",
        ],
    },
    Incident {
        action_type: "telegram",
        hours_ago: 17 * 24,
        minutes: 240,
        errors: &["502 Bad Gateway: api.telegram.example is down for maintenance"],
    },
];

/// What the failing trigger says.
pub const FAILING_ERROR: &str = "401 Unauthorized: the access token was revoked";
