//! What is no page of data: logging in, one's account, and what admins see to. Plain forms, which need no scripts.

mod account;
mod audit;
mod doctor;
mod form;
mod indexes;
mod invitation;
mod keys;
mod login;
mod maintenance;
mod refreshes;
mod statements;
mod storage;
mod users;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    access::{Act, ApiKey, Person},
    doctor::Finding,
    indexes::Indexes,
    maintenance::Maintenance,
    refreshes::Refreshes,
    statements::Statements,
    storage::Storage,
};
use leptos::prelude::*;

use crate::{frame::Frame, shell::ContentStyle, snapshot::Snapshot};
pub use form::Form;

/// One of these, with what it shows. A form is as it was typed, where it was refused.
#[derive(Debug, Clone)]
pub enum Screen {
    /// Name and password. `next` is where one wanted to go.
    Login {
        /// What was typed.
        form: Form,
        /// A path of this server.
        next: String,
        /// What the link to the OpenID provider says, where there is one.
        openid: Option<String>,
    },
    /// A password is chosen by a link that works once.
    Invitation {
        /// What was typed.
        form: Form,
        /// Whom the link is for; the first admin has no name yet.
        name: Option<String>,
        /// Whether the link is good.
        is_good: bool,
    },
    /// One's password, and signing out.
    Account {
        /// What was typed.
        form: Form,
        /// Whether there is a password here to change.
        has_password: bool,
    },
    /// Who may log in.
    Users {
        /// What was typed.
        form: Form,
        /// Everybody.
        people: Vec<Person>,
        /// A link that was made just now, for whom.
        invited: Option<(String, String)>,
    },
    /// Keys of programs.
    Keys {
        /// What was typed.
        form: Form,
        /// All of them.
        keys: Vec<ApiKey>,
        /// A key that was made just now: it is never shown again.
        made: Option<String>,
    },
    /// How refreshes go.
    Refreshes {
        /// What came of a button.
        form: Form,
        /// How they go.
        refreshes: Box<Refreshes>,
    },
    /// What indexes there are.
    Indexes {
        /// What was typed.
        form: Form,
        /// All of them.
        indexes: Box<Indexes>,
    },
    /// Which statements are slow.
    Statements {
        /// The slowest.
        statements: Box<Statements>,
    },
    /// What is wrong.
    Doctor {
        /// What came of a button.
        form: Form,
        /// The worst first; `None` where nobody could look.
        findings: Option<Vec<Finding>>,
    },
    /// How large everything is.
    Storage {
        /// What was typed.
        form: Form,
        /// All of it.
        storage: Box<Storage>,
    },
    /// What is to be looked after.
    Maintenance {
        /// What was typed.
        form: Form,
        /// What was seen.
        maintenance: Box<Maintenance>,
    },
    /// What was done.
    Audit {
        /// Newest first.
        acts: Vec<Act>,
        /// Where the next page begins.
        next: Option<i64>,
        /// Only what holds this text.
        text: String,
    },
}

/// The screens of admins, in the order of their navigation: path and name.
pub const ADMIN: [(&str, &str); 9] = [
    ("/admin/refresh", "Refreshes"),
    ("/admin/indexes", "Indexes"),
    ("/admin/queries", "Queries"),
    ("/admin/doctor", "Doctor"),
    ("/admin/storage", "Storage"),
    ("/admin/maintenance", "Maintenance"),
    ("/admin/users", "Users"),
    ("/admin/keys", "Keys"),
    ("/admin/audit", "Audit log"),
];

impl Screen {
    /// The title of the window.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::Login { .. } => "Log in",
            Self::Invitation { .. } => "Choose a password",
            Self::Account { .. } => "Account",
            Self::Users { .. } => "Users",
            Self::Keys { .. } => "Keys",
            Self::Refreshes { .. } => "Refreshes",
            Self::Indexes { .. } => "Indexes",
            Self::Statements { .. } => "Queries",
            Self::Doctor { .. } => "Doctor",
            Self::Storage { .. } => "Storage",
            Self::Maintenance { .. } => "Maintenance",
            Self::Audit { .. } => "Audit log",
        }
    }

    fn is_before_login(&self) -> bool {
        matches!(self, Self::Login { .. } | Self::Invitation { .. })
    }
}

/// The screen that a snapshot shows.
pub fn screen(snapshot: Arc<Snapshot>, screen: &Screen) -> AnyView {
    let (zone, now) = (snapshot.query.zone, snapshot.freshness.server_time);
    let content = match screen.clone() {
        Screen::Login { form, next, openid } => login::content(&form, next, openid).into_any(),
        Screen::Invitation { form, name, is_good } => invitation::content(&form, name, is_good).into_any(),
        Screen::Account { form, has_password } => {
            account::content(&form, snapshot.caller.as_ref(), has_password).into_any()
        }
        Screen::Users { form, people, invited } => users::content(&form, people, invited, now).into_any(),
        Screen::Keys { form, keys, made } => keys::content(&form, keys, made, now).into_any(),
        Screen::Refreshes { form, refreshes } => refreshes::content(&form, &refreshes, zone, now).into_any(),
        Screen::Indexes { form, indexes } => indexes::content(&form, &indexes, now).into_any(),
        Screen::Statements { statements } => statements::content(*statements).into_any(),
        Screen::Doctor { form, findings } => doctor::content(&form, findings).into_any(),
        Screen::Storage { form, storage } => storage::content(&form, &storage, now).into_any(),
        Screen::Maintenance { form, maintenance } => maintenance::content(&form, &maintenance, zone, now).into_any(),
        Screen::Audit { acts, next, text } => audit::content(acts, next, text, zone).into_any(),
    };
    if screen.is_before_login() {
        return view! { <ContentStyle /> <main id="main" class="door">{content}</main> }.into_any();
    }
    let is_admin = ADMIN.iter().any(|(_, title)| *title == screen.title());
    let title = screen.title();
    let link = move |(path, name): (&'static str, &'static str)| {
        view! { <a class="tool" href=path aria-current=(name == title).then_some("page")>{name}</a> }
    };
    view! {
        <Frame snapshot>
            {is_admin.then(|| view! { <nav class="subnav" aria-label="Administration">{ADMIN.map(link).into_iter().collect_view()}</nav> })}
            {content}
        </Frame>
    }
    .into_any()
}

/// How long ago something was; `–` where it never was.
fn ago(moment: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    moment.map_or_else(|| "–".to_owned(), |moment| domain::format::ago(moment, now))
}
