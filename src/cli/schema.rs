//! `concur-tutor schema`: what the JSON outputs look like, for programs that read them.

use super::output;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::process::ExitCode;

/// The shapes, as JSON Schema. `tests/schema.rs` holds what is printed against it.
const SCHEMA: &str = include_str!("../report/schema.json");

/// The outputs that can be asked for, and the definition of each.
const OUTPUTS: [(&str, &str); 10] = [
    ("run", "run"),
    ("watch", "run"),
    ("compare", "compare"),
    ("list", "list"),
    ("check", "check"),
    ("check-run", "check_run"),
    ("doctor", "doctor"),
    ("findings", "findings"),
    ("class-merge", "class"),
    ("class-export", "class_sheet"),
];

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The command whose output it shall be of; of all, where left out
    #[arg(value_name = "COMMAND", value_parser = PossibleValuesParser::new(OUTPUTS.map(|(name, _)| name)))]
    pub command: Option<String>,
}

/// Prints the schema.
pub(super) fn schema(options: &Schema) -> anyhow::Result<ExitCode> {
    match &options.command {
        None => output::print(SCHEMA)?,
        Some(command) => output::print(&of(command)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The schema that holds for one output alone.
fn of(command: &str) -> anyhow::Result<String> {
    let mut schema: serde_json::Value = serde_json::from_str(SCHEMA)?;
    let definition = OUTPUTS.iter().find(|(name, _)| *name == command).map_or(command, |(_, definition)| definition);
    let fields = schema.as_object_mut().into_iter();
    for fields in fields {
        fields.remove("anyOf");
        fields.insert("$ref".to_owned(), format!("#/$defs/{definition}").into());
    }
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_that_can_be_asked_for_is_defined() {
        for (name, definition) in OUTPUTS {
            let schema: serde_json::Value = serde_json::from_str(&of(name).unwrap()).unwrap();
            assert_eq!(schema["$ref"], format!("#/$defs/{definition}"));
            assert!(schema["$defs"][definition].is_object(), "{name}");
            assert!(schema.get("anyOf").is_none(), "{name}");
        }
    }
}
