//! Makes a part of the page the same as a newer one with as few changes as can be: what is the same stays untouched, with
//! its focus, its selection, its scroll, and what was unfolded.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use crate::browser::{charts, pickers::PICKER};

/// Attributes that belong to who looks: what was unfolded. A nonce is known to the browser alone.
const KEPT: [&str; 2] = ["open", "nonce"];

/// A form that was refused: what was typed and what is wrong with it stay until it is sent again.
const REFUSED: &str = "data-refused";

/// Makes `shown` the same as `fetched`.
pub fn morph(shown: &Element, fetched: &Element) {
    if shown.is_equal_node(Some(fetched)) {
        return;
    }
    if shown.has_attribute(REFUSED) {
        return;
    }
    let is_chart = shown.class_list().contains("chart");
    if is_chart {
        charts::update(shown, fetched);
        if let Some(label) = fetched.get_attribute("aria-label") {
            // A label that cannot be set stays what it was.
            let _ = shown.set_attribute("aria-label", &label);
        }
        return;
    }
    attributes(shown, fetched);
    children(shown, fetched);
}

fn attributes(shown: &Element, fetched: &Element) {
    // What became a picker stays one.
    let are_pickers = [shown, fetched].iter().all(|field| field.has_attribute(PICKER));
    let is_kept = |name: &str| KEPT.contains(&name) || (are_pickers && name == "type");
    let names = |element: &Element| -> Vec<String> {
        let names = element.get_attribute_names();
        names.iter().filter_map(|name| name.as_string()).filter(|name| !is_kept(name)).collect()
    };
    for name in names(shown).iter().filter(|name| !fetched.has_attribute(name)) {
        let _ = shown.remove_attribute(name);
    }
    for name in names(fetched) {
        let value = fetched.get_attribute(&name);
        if value != shown.get_attribute(&name) {
            let _ = shown.set_attribute(&name, &value.unwrap_or_default());
        }
    }
}

fn children(shown: &Element, fetched: &Element) {
    let mut next = shown.first_child();
    let mut child = fetched.first_child();
    while let Some(wanted) = child {
        child = wanted.next_sibling();
        let Some(same) = counterpart(next.as_ref(), &wanted) else {
            // Taken over as it is; where that fails the old children stay until the next time.
            let _ = wanted.clone_node_with_deep(true).and_then(|copy| shown.insert_before(&copy, next.as_ref()));
            continue;
        };
        // Whatever stood before its counterpart is gone.
        while let Some(gone) = next.take_if(|next| !next.is_same_node(Some(&same))) {
            next = gone.next_sibling();
            let _ = shown.remove_child(&gone);
        }
        next = same.next_sibling();
        take_over(&same, &wanted);
    }
    while let Some(gone) = next {
        next = gone.next_sibling();
        let _ = shown.remove_child(&gone);
    }
}

fn take_over(same: &Node, wanted: &Node) {
    match (same.dyn_ref::<Element>(), wanted.dyn_ref::<Element>()) {
        (Some(same), Some(wanted)) => morph(same, wanted),
        _ if same.node_value() != wanted.node_value() => same.set_node_value(wanted.node_value().as_deref()),
        _ => {}
    }
}

/// What of the children from `next` on stands for `wanted`: the one with the same id, else the next one if it is alike.
fn counterpart(next: Option<&Node>, wanted: &Node) -> Option<Node> {
    let id = id(wanted);
    let mut candidate = next.cloned();
    if id.is_empty() {
        return candidate.filter(|node| node.node_name() == wanted.node_name() && self::id(node).is_empty());
    }
    while let Some(node) = candidate {
        if self::id(&node) == id && node.node_name() == wanted.node_name() {
            return Some(node);
        }
        candidate = node.next_sibling();
    }
    None
}

/// The attribute, not the property: a form with a field called "id" answers that field instead.
fn id(node: &Node) -> String {
    node.dyn_ref::<Element>().and_then(|element| element.get_attribute("id")).unwrap_or_default()
}
