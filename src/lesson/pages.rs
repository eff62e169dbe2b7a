//! The Markdown below the front matter, cut into pages at its level-1 headings.
//!
//! A page's attributes are HTML comments, which Markdown renders to nothing: `<!-- program: threads -->` and
//! `<!-- check: first second -->`.

use super::fault::{Log, hint};
use super::layout;
use super::table::At;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A page with the places of its parts.
#[derive(Debug)]
pub(super) struct RawPage {
    pub title: At<String>,
    pub markdown: String,
    pub program: Option<At<String>>,
    pub checks: Vec<At<String>>,
}

/// A level-1 heading.
struct Title {
    text: String,
    span: Range<usize>,
}

/// What a walk over the Markdown finds.
#[derive(Default)]
struct Found {
    titles: Vec<Title>,
    /// Comments, with the place of what stands between `<!--` and `-->`.
    comments: Vec<At<Range<usize>>>,
}

/// The Markdown extensions that lessons use. The screen must use the same ones.
#[must_use]
pub fn markdown_options() -> Options {
    Options::ENABLE_TABLES
}

/// Cuts `text[shift..]` into pages.
pub(super) fn read(text: &str, shift: usize, log: &mut Log<'_>) -> Vec<RawPage> {
    let found = walk(text, shift, log);
    let first = found.titles.first().map_or(text.len(), |t| t.span.start);
    let before = &text[shift..first];
    let lead = before.len() - before.trim_start().len();
    if found.titles.is_empty() {
        log.at((shift + lead).min(text.len()), "there is no page: each level-1 heading (`# Title`) begins one");
    } else if lead < before.len() {
        log.at(shift + lead, "this stands before the first page: each level-1 heading (`# Title`) begins one");
    }
    let ends = found.titles.iter().skip(1).map(|t| t.span.start).chain([text.len()]);
    let mut pages = Vec::new();
    for (title, end) in found.titles.iter().zip(ends) {
        pages.push(page(text, title, end, &found.comments, log));
    }
    pages
}

fn page(text: &str, title: &Title, end: usize, comments: &[At<Range<usize>>], log: &mut Log<'_>) -> RawPage {
    let mut out = RawPage {
        title: At { value: title.text.clone(), span: title.span.clone() },
        markdown: String::new(),
        program: None,
        checks: Vec::new(),
    };
    if title.text.trim().is_empty() {
        log.span(&title.span, "the page has no title");
    }
    let mut from = title.span.end;
    for comment in comments.iter().filter(|c| (title.span.start..end).contains(&c.span.start)) {
        // A comment may stand inside the heading itself: then there is no text before it.
        out.markdown.push_str(text.get(from..comment.span.start).unwrap_or_default());
        from = from.max(comment.span.end);
        attribute(&mut out, text, comment, log);
    }
    out.markdown.push_str(text.get(from..end).unwrap_or_default());
    out.markdown = out.markdown.trim().to_owned();
    let rows = layout::rows(&out.markdown, layout::WIDTH);
    if rows > layout::HEIGHT {
        let (most, width) = (layout::HEIGHT, layout::WIDTH);
        log.span(&title.span, format!("the page has {rows} rows at {width} columns; at most {most} fit on a screen"));
    }
    out
}

/// Reads `program: NAME` or `check: ID ID`.
fn attribute(page: &mut RawPage, text: &str, comment: &At<Range<usize>>, log: &mut Log<'_>) {
    let inner = comment.value.clone();
    let Some(colon) = text[inner.clone()].find(':').map(|at| inner.start + at) else {
        log.span(&comment.span, "a comment must be a page attribute, such as `<!-- program: threads -->`");
        return;
    };
    let values = split_words(text, colon + 1..inner.end);
    for key in split_words(text, inner.start..colon) {
        match key.value.as_str() {
            "program" if page.program.is_some() || values.len() != 1 => {
                log.span(&key.span, "a page is about one program: `<!-- program: threads -->`");
            }
            "program" => page.program = values.first().cloned(),
            "check" => page.checks.extend(values.iter().cloned()),
            other => {
                let hint = hint(other, ["program", "check"]);
                log.span(&key.span, format!("pages have no attribute `{other}`{hint}"));
            }
        }
    }
}

/// The words in a range of the text, each with its place.
fn split_words(text: &str, range: Range<usize>) -> Vec<At<String>> {
    let mut offset = range.start;
    let mut out = Vec::new();
    for piece in text[range].split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if !word.is_empty() {
            out.push(At { value: word.to_owned(), span: offset..offset + word.len() });
        }
        offset += piece.len();
    }
    out
}

fn walk(text: &str, shift: usize, log: &mut Log<'_>) -> Found {
    let mut found = Found::default();
    let mut depth = 0_usize; // of the blocks that can hold headings: quotes and lists
    let mut heading: Option<Title> = None;
    let mut deepest = 0_usize; // the level of the last heading
    for (event, range) in Parser::new_ext(&text[shift..], markdown_options()).into_offset_iter() {
        let span = range.start + shift..range.end + shift;
        match event {
            Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => depth += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => depth = depth.saturating_sub(1),
            Event::Start(Tag::Heading { level, .. }) => {
                check_level(level, depth, deepest, &span, log);
                deepest = level as usize;
                heading = (level == HeadingLevel::H1 && depth == 0).then(|| Title { text: String::new(), span });
            }
            Event::End(TagEnd::Heading(_)) => found.titles.extend(heading.take()),
            Event::Text(t) | Event::Code(t) => {
                if let Some(title) = &mut heading {
                    title.text.push_str(&t);
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => comment(text, span, &mut found, log),
            _ => {}
        }
    }
    found
}

fn check_level(level: HeadingLevel, depth: usize, last: usize, span: &Range<usize>, log: &mut Log<'_>) {
    let level = level as usize;
    if depth > 0 {
        log.span(span, "a heading must not stand inside a list or a quotation");
    } else if level > last + 1 && last > 0 {
        log.span(span, format!("a level-{level} heading below a level-{last} one: a level is missing"));
    }
}

fn comment(text: &str, span: Range<usize>, found: &mut Found, log: &mut Log<'_>) {
    let html = text[span.clone()].trim_end();
    match html.strip_prefix("<!--").and_then(|h| h.strip_suffix("-->")) {
        Some(inner) if !inner.contains("-->") => {
            let start = span.start + "<!--".len();
            found.comments.push(At { value: start..start + inner.len(), span });
        }
        _ => log.span(&span, "HTML is not shown on the screen; only page attributes may stand in `<!-- -->`"),
    }
}
