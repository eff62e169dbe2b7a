//! Reads a TOML table key by key, and notes every fault with its place instead of stopping at the first.

use super::fault::{Log, hint};
use super::types::KnobValue;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place in `lesson.md`.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// What was read of a text.
pub(super) trait Text {
    /// The text without the space around it; empty where there was none, which has been reported.
    fn owned(self) -> String;
    /// The text as it stands, with its place.
    fn placed(self) -> Option<At<String>>;
}

impl Text for Option<At<&str>> {
    fn owned(self) -> String {
        self.map_or_else(String::new, |t| t.value.trim().to_owned())
    }

    fn placed(self) -> Option<At<String>> {
        self.map(|t| At { value: t.value.to_owned(), span: t.span })
    }
}

/// A table that is being read. Every key must be asked for before [`Reader::finish`], which reports the others.
pub(super) struct Reader<'a, 't> {
    table: &'a DeTable<'t>,
    /// Where the table stands, for what is missing from it.
    span: Range<usize>,
    /// How a message names it, such as `[[program]]`.
    what: &'static str,
    /// Added to each span: the front matter does not start at the top of the file.
    shift: usize,
    asked: Vec<&'static str>,
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) const fn new(table: &'a DeTable<'t>, span: Range<usize>, what: &'static str, shift: usize) -> Self {
        Reader { table, span, what, shift, asked: Vec::new() }
    }

    /// Where the table stands.
    pub(super) const fn span(&self) -> &Range<usize> {
        &self.span
    }

    fn get(&mut self, key: &'static str) -> Option<At<&'a DeValue<'t>>> {
        self.asked.push(key);
        let value = self.table.get(key)?;
        Some(At { value: value.get_ref(), span: shifted(value.span(), self.shift) })
    }

    fn typed<T>(
        &mut self,
        log: &mut Log<'_>,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&'a DeValue<'t>) -> Option<T>,
    ) -> Option<At<T>> {
        let At { value, span } = self.get(key)?;
        if let Some(value) = read(value) {
            Some(At { value, span })
        } else {
            log.span(&span, format!("`{key}` must be {wanted}, not {}", describe(value)));
            None
        }
    }

    fn required<T>(&self, log: &mut Log<'_>, key: &str, value: Option<At<T>>) -> Option<At<T>> {
        // A value of the wrong type has been reported already.
        if value.is_none() && !self.table.contains_key(key) {
            log.span(&self.span, format!("{} has no `{key}`", self.what));
        }
        value
    }

    /// An optional text.
    pub(super) fn text(&mut self, log: &mut Log<'_>, key: &'static str) -> Option<At<&'a str>> {
        self.typed(log, key, "a text", DeValue::as_str)
    }

    /// A text that must be there and must not be empty.
    pub(super) fn needed_text(&mut self, log: &mut Log<'_>, key: &'static str) -> Option<At<&'a str>> {
        let value = self.text(log, key);
        let value = self.required(log, key, value)?;
        if value.value.trim().is_empty() {
            log.span(&value.span, format!("`{key}` is empty"));
        }
        Some(value)
    }

    /// `true` or `false`; `false` where it is missing.
    pub(super) fn flag(&mut self, log: &mut Log<'_>, key: &'static str) -> Option<At<bool>> {
        self.typed(log, key, "`true` or `false`", DeValue::as_bool)
    }

    /// An optional number.
    pub(super) fn number(&mut self, log: &mut Log<'_>, key: &'static str) -> Option<At<Number>> {
        self.typed(log, key, "a number", number)
    }

    /// A number that must be there.
    pub(super) fn needed_number(&mut self, log: &mut Log<'_>, key: &'static str) -> Option<At<Number>> {
        let value = self.number(log, key);
        self.required(log, key, value)
    }

    /// A list of numbers that must be there and must not be empty.
    pub(super) fn numbers(&mut self, log: &mut Log<'_>, key: &'static str) -> Vec<At<Number>> {
        let list = self.typed(log, key, "a list of numbers", |v| v.as_array());
        let Some(list) = self.required(log, key, list) else { return Vec::new() };
        if list.value.is_empty() {
            log.span(&list.span, format!("`{key}` is empty"));
        }
        let mut out = Vec::new();
        for item in list.value {
            let span = shifted(item.span(), self.shift);
            if let Some(value) = number(item.get_ref()) {
                out.push(At { value, span });
            } else {
                let found = describe(item.get_ref());
                log.span(&span, format!("`{key}` must be a list of numbers; this is {found}"));
            }
        }
        out
    }

    /// The tables of `[[key]]`; `what` names one of them in messages.
    pub(super) fn tables(&mut self, log: &mut Log<'_>, key: &'static str, what: &'static str) -> Vec<Reader<'a, 't>> {
        let list = self.typed(log, key, "a list of tables", |v| v.as_array());
        let mut out = Vec::new();
        for item in list.iter().flat_map(|l| l.value.iter()) {
            let span = shifted(item.span(), self.shift);
            match item.get_ref().as_table() {
                Some(table) => out.push(Reader::new(table, span, what, self.shift)),
                None => log.span(&span, format!("{what} must be a table, not {}", describe(item.get_ref()))),
            }
        }
        out
    }

    /// The tables of `[key.NAME]`, with their names.
    pub(super) fn named(
        &mut self,
        log: &mut Log<'_>,
        key: &'static str,
        what: &'static str,
    ) -> Vec<(At<&'a str>, Reader<'a, 't>)> {
        let table = self.typed(log, key, "a table", |v| v.as_table());
        let mut out = Vec::new();
        for (name, item) in table.iter().flat_map(|t| t.value.iter()) {
            let span = shifted(name.span(), self.shift);
            let name = At { value: name.get_ref().as_ref(), span: span.clone() };
            match item.get_ref().as_table() {
                Some(table) => out.push((name, Reader::new(table, span, what, self.shift))),
                None => log.span(&span, format!("{what} must be a table, not {}", describe(item.get_ref()))),
            }
        }
        out.sort_by_key(|(name, _)| name.span.start);
        out
    }

    /// A text or a table, if there is one; `what` names the table in messages.
    pub(super) fn text_or_table(
        &mut self,
        log: &mut Log<'_>,
        key: &'static str,
        what: &'static str,
    ) -> Option<OneOf<'a, 't>> {
        let shift = self.shift;
        let At { value, span } = self.typed(log, key, "a text or a table", |v| match (v.as_str(), v.as_table()) {
            (Some(text), _) => Some(Ok(text)),
            (None, Some(table)) => Some(Err(table)),
            (None, None) => None,
        })?;
        Some(match value {
            Ok(value) => OneOf::Text(At { value, span }),
            Err(table) => OneOf::Table(Reader::new(table, span, what, shift)),
        })
    }

    /// The table of `key`, if there is one; `what` names it in messages.
    pub(super) fn table(&mut self, log: &mut Log<'_>, key: &'static str, what: &'static str) -> Option<Reader<'a, 't>> {
        let table = self.typed(log, key, "a table", |v| v.as_table())?;
        Some(Reader::new(table.value, table.span, what, self.shift))
    }

    /// A list of texts; empty where it is missing.
    pub(super) fn texts(&mut self, log: &mut Log<'_>, key: &'static str) -> Vec<At<String>> {
        let list = self.typed(log, key, "a list of texts", |v| v.as_array());
        let mut out = Vec::new();
        for item in list.iter().flat_map(|l| l.value.iter()) {
            let span = shifted(item.span(), self.shift);
            if let Some(text) = item.get_ref().as_str() {
                out.push(At { value: text.trim().to_owned(), span });
            } else {
                let found = describe(item.get_ref());
                log.span(&span, format!("`{key}` must be a list of texts; this is {found}"));
            }
        }
        out
    }

    /// The numbers of the table `key`, by name; empty where it is missing.
    pub(super) fn number_table(&mut self, log: &mut Log<'_>, key: &'static str) -> Vec<(At<String>, At<Number>)> {
        let table = self.typed(log, key, "a table of numbers", |v| v.as_table());
        let mut out = Vec::new();
        for (name, item) in table.iter().flat_map(|t| t.value.iter()) {
            let name = At { value: name.get_ref().to_string(), span: shifted(name.span(), self.shift) };
            let span = shifted(item.span(), self.shift);
            if let Some(value) = number(item.get_ref()) {
                out.push((name, At { value, span }));
            } else {
                let found = describe(item.get_ref());
                log.span(&span, format!("`{key}` must be a table of numbers; this is {found}"));
            }
        }
        out
    }

    /// The lists of numbers of the table `key`, by name; empty where it is missing.
    pub(super) fn lists_table(&mut self, log: &mut Log<'_>, key: &'static str) -> Vec<(At<String>, Vec<At<Number>>)> {
        let table = self.typed(log, key, "a table of lists of numbers", |v| v.as_table());
        let mut out = Vec::new();
        for (name, item) in table.iter().flat_map(|t| t.value.iter()) {
            let name = At { value: name.get_ref().to_string(), span: shifted(name.span(), self.shift) };
            let items: Vec<_> = item.get_ref().as_array().into_iter().flatten().collect();
            let numbers = items
                .iter()
                .filter_map(|item| Some(At { value: number(item.get_ref())?, span: shifted(item.span(), self.shift) }));
            let numbers: Vec<_> = numbers.collect();
            if numbers.is_empty() || numbers.len() < items.len() {
                let found = describe(item.get_ref());
                log.span(
                    &shifted(item.span(), self.shift),
                    format!("`{key}` must be a table of lists of numbers; this is {found}"),
                );
            }
            out.push((name, numbers));
        }
        out
    }

    /// A CPython version such as `"3.14"`, if there is one.
    pub(super) fn version(&mut self, log: &mut Log<'_>, key: &'static str) -> Option<(u8, u8)> {
        let text = self.text(log, key)?;
        let version = text.value.split_once('.').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        if version.is_none() {
            log.span(&text.span, format!("`{key}` must be a CPython version such as \"3.14\", not {:?}", text.value));
        }
        version
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, log: &mut Log<'_>) {
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if !self.asked.contains(&name) {
                let hint = hint(name, self.asked.iter().copied());
                log.span(&shifted(key.span(), self.shift), format!("{} knows no `{name}`{hint}", self.what));
            }
        }
    }
}

/// What may be written either way.
pub(super) enum OneOf<'a, 't> {
    Text(At<&'a str>),
    Table(Reader<'a, 't>),
}

/// A number, as it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl From<Number> for KnobValue {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(i) => KnobValue::Int(i),
            Number::Float(f) => KnobValue::Float(f),
        }
    }
}

impl Number {
    #[expect(clippy::cast_precision_loss, reason = "numbers in a lesson are far below 2^53")]
    pub(super) const fn as_f64(self) -> f64 {
        match self {
            Number::Int(i) => i as f64,
            Number::Float(f) => f,
        }
    }
}

fn number(value: &DeValue<'_>) -> Option<Number> {
    match value {
        DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix()).ok().map(Number::Int),
        DeValue::Float(f) => f.as_str().parse().ok().filter(|f: &f64| !f.is_nan()).map(Number::Float),
        _ => None,
    }
}

fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(s) => format!("the text {s:?}"),
        DeValue::Integer(i) => format!("the number {i}"),
        DeValue::Float(f) => format!("the number {f}"),
        DeValue::Boolean(b) => format!("`{b}`"),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

pub(super) const fn shifted(span: Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

/// Parses TOML; notes every syntax fault and returns what could be read.
pub(super) fn parse<'t>(text: &'t str, shift: usize, log: &mut Log<'_>) -> Spanned<DeTable<'t>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |s| s.start) + shift;
        log.at(at, format!("not TOML: {}", error.message().replace('\n', ", ")));
    }
    table
}
