//! Migrations and queries are compiled in: a change of one alone must make this crate compile again.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
    println!("cargo::rerun-if-changed=sql");
}
