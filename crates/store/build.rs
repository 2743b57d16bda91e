//! The migrations are compiled in: a new one alone must make this crate compile again.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
