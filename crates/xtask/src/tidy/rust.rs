//! Rust as the rules see it: the functions, the literals, and which lines are tests.

use proc_macro2::{TokenStream, TokenTree};
use std::ops::RangeInclusive;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, ImplItemFn, ItemFn, ItemMod, Signature, TraitItemFn};

/// A function with a body.
pub struct Function {
    pub name: String,
    /// The line of its name.
    pub line: usize,
    /// The lines between its braces.
    pub body_lines: usize,
    /// Whether it draws: a `view!` reads as HTML and may be longer.
    pub has_view: bool,
    /// Whether it carries `#[server]`.
    pub is_server_function: bool,
}

/// What was found in one file.
#[derive(Default)]
pub struct Parsed {
    pub functions: Vec<Function>,
    /// The text literals: line and content.
    pub texts: Vec<(usize, String)>,
    tests: Vec<RangeInclusive<usize>>,
    /// Why the file could not be read as Rust.
    pub error: Option<String>,
}

impl Parsed {
    /// Reads a file. One that is not Rust is left to rustc, which says it better.
    pub fn new(text: &str) -> Self {
        let mut parsed = Self::default();
        match syn::parse_file(text) {
            Ok(file) => {
                if is_test_only(&file.attrs) {
                    parsed.tests.push(1..=usize::MAX);
                }
                parsed.visit_file(&file);
            }
            Err(error) => parsed.error = Some(error.to_string()),
        }
        if let Ok(tokens) = text.parse::<TokenStream>() {
            collect_texts(tokens, &mut parsed.texts);
        }
        parsed
    }

    /// Whether a line belongs to a test module or a test function.
    pub fn is_test_line(&self, line: usize) -> bool {
        self.tests.iter().any(|lines| lines.contains(&line))
    }

    fn function(&mut self, attributes: &[Attribute], signature: &Signature, body: &Block) {
        let (open, close) = (body.brace_token.span.open(), body.brace_token.span.close());
        let has_name = |name: &str| attributes.iter().any(|attribute| last_word(attribute) == name);
        if has_name("test") || is_test_only(attributes) {
            self.tests.push(signature.span().start().line..=close.end().line);
        }
        let mut views = Views::default();
        views.visit_block(body);
        self.functions.push(Function {
            name: signature.ident.to_string(),
            line: signature.ident.span().start().line,
            body_lines: close.start().line.saturating_sub(open.start().line + 1),
            has_view: views.found,
            is_server_function: has_name("server"),
        });
    }
}

impl<'ast> Visit<'ast> for Parsed {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if is_test_only(&item.attrs) {
            self.tests.push(item.span().start().line..=item.span().end().line);
        }
        visit::visit_item_mod(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(body) = &item.default {
            self.function(&item.attrs, &item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[derive(Default)]
struct Views {
    found: bool,
}

impl<'ast> Visit<'ast> for Views {
    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        self.found |= invocation.path.segments.last().is_some_and(|segment| segment.ident == "view");
    }
}

fn last_word(attribute: &Attribute) -> String {
    attribute.path().segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let mut found = false;
        if attribute.path().is_ident("cfg") {
            let _ = attribute.parse_nested_meta(|meta| {
                found |= meta.path.is_ident("test");
                Ok(())
            });
        }
        found
    })
}

fn collect_texts(tokens: TokenStream, texts: &mut Vec<(usize, String)>) {
    let mut before_is_doc = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_texts(group.stream(), texts),
            TokenTree::Literal(literal) if !before_is_doc => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    texts.push((literal.span().start().line, text.value()));
                }
            }
            TokenTree::Ident(word) => {
                before_is_doc = word == "doc";
                continue;
            }
            TokenTree::Punct(sign) if sign.as_char() == '=' => continue,
            _ => {}
        }
        before_is_doc = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "/// select one from us\nfn one() {\n    view! { <p>\"two\"</p> };\n}\n#[cfg(test)]\nmod tests {\n    fn three() {}\n}\n";

    #[test]
    fn functions_texts_and_tests_are_found() {
        let parsed = Parsed::new(SAMPLE);
        assert_eq!(parsed.texts, [(3, "two".to_owned())]);
        assert_eq!((parsed.functions[0].line, parsed.functions[0].body_lines), (2, 1));
        assert!(parsed.functions[0].has_view && !parsed.functions[1].has_view);
        assert!(parsed.is_test_line(7) && !parsed.is_test_line(2));
    }
}
