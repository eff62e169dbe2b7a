//! Takes an expression apart as text, so that a reason can quote the part that failed as its author wrote it.

/// Comparisons, longer ones first.
const COMPARISONS: [&str; 6] = ["<=", ">=", "==", "!=", "<", ">"];

/// The parts between an operator that stands outside of parentheses and texts. One part where there is none.
pub(super) fn parts<'s>(source: &'s str, operator: &str) -> Vec<&'s str> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in places(source, operator) {
        out.push(source[start..at].trim());
        start = at + operator.len();
    }
    out.push(source[start..].trim());
    out
}

/// The two sides of a comparison, and what stands between them.
pub(super) fn comparison(source: &str) -> Option<(&str, &'static str, &str)> {
    if !places(source, "?").is_empty() {
        return None;
    }
    let first = |operator: &&'static str| places(source, operator).first().map(|at| (*at, *operator));
    let (at, operator) = COMPARISONS.iter().filter_map(first).min_by_key(|(at, operator)| (*at, 3 - operator.len()))?;
    Some((source[..at].trim(), operator, source[at + operator.len()..].trim()))
}

/// `RANGE.MACRO(NAME, BODY)` where nothing follows: the range, the name and the body.
pub(super) fn macro_call<'s>(source: &'s str, name: &str) -> Option<(&'s str, &'s str, &'s str)> {
    let call = format!(".{name}(");
    let at = *places(source, &call).last()?;
    let inside = source[at + call.len()..].strip_suffix(')')?;
    let all = &source[at + call.len() - 1..];
    if closing(all) != Some(all.len() - 1) {
        return None;
    }
    let comma = *places(inside, ",").first()?;
    Some((source[..at].trim(), inside[..comma].trim(), inside[comma + 1..].trim()))
}

/// The two arguments between a call's parentheses.
pub(super) fn arguments(inside: &str) -> Option<(&str, &str)> {
    let comma = *places(inside, ",").first()?;
    Some((inside[..comma].trim(), inside[comma + 1..].trim()))
}

/// `TARGET.method(...)` where nothing follows: the target.
pub(super) fn target(source: &str) -> Option<&str> {
    let last = places(source, ".").into_iter().next_back()?;
    let open = source[last..].find('(')? + last;
    (closing(&source[open..]) == Some(source.len() - open - 1)).then(|| source[..last].trim())
}

/// Without parentheses around the whole.
pub(super) fn bare(source: &str) -> &str {
    let source = source.trim();
    if source.starts_with('(') && closing(source) == Some(source.len() - 1) {
        return bare(&source[1..source.len() - 1]);
    }
    source
}

/// Where the parenthesis that the text begins with is closed.
fn closing(source: &str) -> Option<usize> {
    let mut scan = Scan::default();
    source.char_indices().find(|(_, c)| scan.step(*c) && scan.depth == 0 && *c == ')').map(|(at, _)| at)
}

/// Where an operator stands outside of parentheses and texts.
fn places(source: &str, operator: &str) -> Vec<usize> {
    let (mut scan, mut out) = (Scan::default(), Vec::new());
    for (at, c) in source.char_indices() {
        let outside = scan.depth == 0 && scan.quote.is_none();
        scan.step(c);
        if outside && source[at..].starts_with(operator) {
            out.push(at);
        }
    }
    out
}

/// Follows parentheses and texts in quotes.
#[derive(Default)]
struct Scan {
    depth: usize,
    quote: Option<char>,
    escaped: bool,
}

impl Scan {
    /// Takes a character in; whether it stands outside of texts.
    fn step(&mut self, c: char) -> bool {
        match (self.quote, c) {
            (Some(_), _) if self.escaped => self.escaped = false,
            (Some(_), '\\') => self.escaped = true,
            (Some(quote), c) if c == quote => self.quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => self.quote = Some(c),
            (None, '(' | '[' | '{') => self.depth += 1,
            (None, ')' | ']' | '}') => self.depth = self.depth.saturating_sub(1),
            (None, _) => return true,
        }
        self.quote.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_inside_of_parentheses_and_texts_do_not_count() {
        assert_eq!(parts("a && (b && c) && x.contains('&&')", "&&"), ["a", "(b && c)", "x.contains('&&')"]);
        assert_eq!(parts("a", "||"), ["a"]);
        assert_eq!(bare(" ((a) && (b)) "), "(a) && (b)");
    }

    #[test]
    fn a_comparison_has_two_sides() {
        assert_eq!(comparison("a.b <= 1.1 * c"), Some(("a.b", "<=", "1.1 * c")));
        assert_eq!(
            comparison("x.filter(l, l.a > 1.0).size() == 2"),
            Some(("x.filter(l, l.a > 1.0).size()", "==", "2"))
        );
        assert_eq!(comparison("x.all(l, l.a > 1.0)"), None);
        assert_eq!(comparison("a < b ? c : d"), None);
    }

    #[test]
    fn calls_are_told_by_their_end() {
        assert_eq!(macro_call("x.y.all(l, f(l, 1))", "all"), Some(("x.y", "l", "f(l, 1)")));
        assert_eq!(macro_call("x.all(l, l).b", "all"), None);
        assert_eq!(target("run.stdout.contains('a.b(c)')"), Some("run.stdout"));
        assert_eq!(target("run.stdout"), None);
    }
}
