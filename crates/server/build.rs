//! The site is embedded by a macro, which does not tell cargo when the site changes.

fn main() {
    println!("cargo:rerun-if-changed=../../target/site/hash.txt");
}
