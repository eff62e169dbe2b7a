//! `concur-tutor findings`: what `watch` can find, each with a real run.

use super::args::Format;
use super::output::print;
use crate::insight::finding::{RULES, Rule};
use crate::report::gallery::{self, Gallery};
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Findings {
    /// The finding to show, with its picture; all in short, where left out
    #[arg(value_name = "ID", value_parser = PossibleValuesParser::new(RULES.map(|rule| rule.id)), hide_possible_values = true)]
    pub id: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

pub(super) fn findings(options: &Findings) -> anyhow::Result<ExitCode> {
    let one: Option<&'static Rule> = options.id.as_deref().and_then(gallery::rule);
    match (options.format, one) {
        (Format::Json, one) => {
            let rules: Vec<&'static Rule> = one.map_or_else(|| RULES.iter().collect(), |rule| vec![rule]);
            print(&(serde_json::to_string(&Gallery::of(&rules))? + "\n"))?;
        }
        (Format::Text, Some(rule)) => print(&gallery::text(rule))?,
        (Format::Text, None) => {
            let each = "\nconcur-tutor findings ID shows one of them with its picture, from a real run.\n";
            print(&(gallery::list() + each))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
