//! Which of the installed extension modules would switch the GIL on again in a free-threaded build.
//!
//! A module says that it needs no GIL by a slot of its definition (`Py_mod_gil`) or by a call (`PyUnstable_Module_SetGIL`); where
//! it says nothing, importing it switches the GIL on for the whole process. Both can be seen in the file: nothing that
//! is installed is imported, or run. What a file does not tell is told as not known.

use object::elf::SHT_RELR;
use object::read::elf::{ElfFile64, SectionHeader as _};
use object::{Endianness, Object as _, ObjectSection as _, ObjectSymbol as _, RelocationTarget};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// What an extension module says of the GIL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// It says that it needs none.
    No,
    /// Its file does not tell.
    NotKnown,
    /// It does not say so: a free-threaded build switches the GIL on when it is imported.
    Gil,
}

/// An installed package that has extension modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The name of its folder or module, as it is imported.
    pub name: String,
    /// What the module of it that needs most says.
    pub needs: Needs,
}

/// A module for a free-threaded build has this in its name; no other is found by one.
const FREE_THREADED: [&str; 2] = ["t-", "abi3t"];
/// More modules than any environment has.
const MOST: usize = 20_000;
/// No extension module is larger than that, in bytes.
const LARGEST: u64 = 1 << 30;

/// The packages in these folders that have extension modules for a free-threaded build, by name.
#[must_use]
pub fn of_folders(folders: &[PathBuf]) -> Vec<Package> {
    let mut packages: BTreeMap<String, Needs> = BTreeMap::new();
    for folder in folders {
        let mut modules = Vec::new();
        find(folder, 0, &mut modules);
        for module in modules {
            let Some(name) = imported_as(folder, &module) else { continue };
            let Some(needs) = of_file(&module) else { continue };
            let most = packages.entry(name).or_insert(needs);
            *most = needs.max(*most);
        }
    }
    packages.into_iter().map(|(name, needs)| Package { name, needs }).collect()
}

/// How deep folders may lie in each other.
const DEEPEST: usize = 16;

fn find(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
        // Links are not followed: they may lead round in a circle.
        if kind.is_dir() && depth < DEEPEST {
            find(&path, depth + 1, found);
        } else if kind.is_file() && found.len() < MOST && is_free_threaded(&entry.file_name().to_string_lossy()) {
            found.push(path);
        }
    }
}

/// Whether a file's name is that of a module for a free-threaded build, such as `_x.cpython-314t-x86_64-linux-gnu.so`.
fn is_free_threaded(name: &str) -> bool {
    let tag = name.strip_suffix(".so").and_then(|name| name.split_once('.')).map(|(_, tag)| tag);
    tag.is_some_and(|tag| FREE_THREADED.iter().any(|mark| tag.contains(mark)))
}

/// The first name of a module's path below its folder: `numpy` of `numpy/core/_x.cpython-314t.so`.
fn imported_as(folder: &Path, module: &Path) -> Option<String> {
    let first = module.strip_prefix(folder).ok()?.components().next()?.as_os_str().to_string_lossy().into_owned();
    Some(first.split_once('.').map_or(first.clone(), |(name, _)| name.to_owned()))
}

/// What a file says; `None` where it is no extension module.
fn of_file(path: &Path) -> Option<Needs> {
    if path.metadata().ok()?.len() > LARGEST {
        return Some(Needs::NotKnown);
    }
    of_bytes(&std::fs::read(path).ok()?)
}

fn of_bytes(bytes: &[u8]) -> Option<Needs> {
    let Ok(file) = ElfFile64::<Endianness>::parse(bytes) else { return Some(Needs::NotKnown) };
    let mut has = [false; 4];
    for symbol in file.dynamic_symbols() {
        let name = symbol.name().unwrap_or_default();
        let at = match name {
            _ if name.starts_with("PyInit_") && symbol.is_definition() => 0,
            "PyUnstable_Module_SetGIL" => 1,
            "PyModuleDef_Init" => 2,
            "PyModule_Create2" | "PyModule_FromDefAndSpec2" => 3,
            _ => continue,
        };
        has[at] = true;
    }
    let [is_module, calls, in_phases, at_once] = has;
    Some(match (is_module, calls, in_phases, at_once) {
        (false, ..) => return None,
        (true, true, ..) => Needs::No,
        (true, false, true, _) => of_slots(&file),
        (true, false, false, true) => Needs::Gil,
        (true, false, false, false) => Needs::NotKnown,
    })
}

/// What the slots of a module's definition say: an array of (number, value), of which some values are addresses that the
/// loader puts right. The definition points to it, so it is looked for wherever such an address leads.
fn of_slots(file: &ElfFile64<'_, Endianness>) -> Needs {
    let addresses = addresses(file);
    let mut needs = Needs::NotKnown;
    for start in addresses.values() {
        match slots_at(*start, file, &addresses) {
            Some(Needs::No) => return Needs::No,
            Some(other) => needs = other,
            None => {}
        }
    }
    needs
}

/// The slots of a module's definition by their numbers, and the value by which it says that it needs no GIL.
const CREATE: u64 = 1;
const EXEC: u64 = 2;
const INTERPRETERS: u64 = 3;
const GIL: u64 = 4;
const NOT_USED: u64 = 1;

fn slots_at(start: u64, file: &ElfFile64<'_, Endianness>, addresses: &HashMap<u64, u64>) -> Option<Needs> {
    let (mut runs, mut needs) = (false, Needs::Gil);
    for place in 0..8 {
        let at = start.checked_add(place * 16)?;
        let (slot, value) = (word(file, at)?, word(file, at + 8)?);
        let is_address = addresses.contains_key(&(at + 8));
        match (slot, is_address) {
            (0, false) if value == 0 => return runs.then_some(needs),
            (CREATE | EXEC, true) => runs = true,
            (INTERPRETERS, false) if value <= 2 => {}
            (GIL, false) if value == NOT_USED => needs = Needs::No,
            (GIL, false) if value == 0 => {}
            _ => return None,
        }
    }
    None
}

/// Where the loader puts an address, and which.
fn addresses(file: &ElfFile64<'_, Endianness>) -> HashMap<u64, u64> {
    let mut all = HashMap::new();
    for (at, relocation) in file.dynamic_relocations().into_iter().flatten() {
        let base = match relocation.target() {
            RelocationTarget::Symbol(symbol) => file.dynamic_symbol_table().and_then(|table| {
                object::ObjectSymbolTable::symbol_by_index(&table, symbol).ok().map(|symbol| symbol.address())
            }),
            _ => Some(0),
        };
        all.insert(at, base.unwrap_or_default().wrapping_add_signed(relocation.addend()));
    }
    // Packed ones have what they lead to in their place.
    for section in file.sections() {
        let header = section.elf_section_header();
        let endian = file.endian();
        if header.sh_type.get(endian) != SHT_RELR {
            continue;
        }
        for at in header.relr(endian, file.data()).ok().flatten().into_iter().flatten() {
            all.extend(word(file, at).map(|to| (at, to)));
        }
    }
    all
}

/// The eight bytes that the file has for an address.
fn word(file: &ElfFile64<'_, Endianness>, at: u64) -> Option<u64> {
    let bytes = file.sections().find_map(|section| section.data_range(at, 8).ok().flatten())?;
    let bytes: [u8; 8] = bytes.try_into().ok()?;
    Some(if file.is_little_endian() { u64::from_le_bytes(bytes) } else { u64::from_be_bytes(bytes) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modules_name_says_for_which_build_it_is() {
        for name in ["_x.cpython-314t-x86_64-linux-gnu.so", "x.cpython-313t-x86_64-linux-gnu.so", "x.abi3t.so"] {
            assert!(is_free_threaded(name), "{name}");
        }
        for name in ["_x.cpython-314-x86_64-linux-gnu.so", "x.abi3.so", "libt-1.so", "x.py", "t-.so"] {
            assert!(!is_free_threaded(name), "{name}");
        }
    }

    /// What the file says that a C compiler makes of this, beside what all modules have.
    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    fn compiled(definition: &str) -> std::io::Result<Option<Needs>> {
        const HEAD: &str = "struct slot { int id; void *value; }; struct def { void *head[11]; struct slot *slots; };\n\
            void *PyModuleDef_Init(void *); void *PyModule_Create2(void *, int); int PyUnstable_Module_SetGIL(void *, void *);\n\
            static int run(void *module) { return module == 0; }\n";
        let folder = tempfile::tempdir().expect("a folder");
        let (source, module) = (folder.path().join("x.c"), folder.path().join("x.cpython-314t.so"));
        std::fs::write(&source, format!("{HEAD}{definition}")).expect("a source");
        let mut cc = std::process::Command::new("cc");
        let status = cc.args(["-shared", "-fPIC", "-w", "-o"]).arg(&module).arg(&source).status()?;
        assert!(status.success(), "{definition}");
        Ok(of_file(&module))
    }

    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    #[test]
    fn a_module_says_in_its_file_whether_it_needs_the_gil() {
        let slots = |slots: &str| {
            format!(
                "static struct slot slots[] = {{{slots} {{0, 0}}}}; static struct def def = {{{{0}}, slots}};\n\
                 void *PyInit_x(void) {{ return PyModuleDef_Init(&def); }}"
            )
        };
        let at_once = "static struct def def; void *PyInit_x(void) { return PyModule_Create2(&def, 1013); }";
        let calls = "static struct def def; void *PyInit_x(void) { void *x = PyModule_Create2(&def, 1013); \
                     PyUnstable_Module_SetGIL(x, (void *)1); return x; }";
        for (definition, needs) in [
            (slots("{2, run}, {3, (void *)2}, {4, (void *)1},"), Some(Needs::No)),
            (slots("{2, run}, {4, (void *)0},"), Some(Needs::Gil)),
            (slots("{1, run}, {2, run},"), Some(Needs::Gil)),
            (slots("{52, run}, {2, run},"), Some(Needs::NotKnown)),
            (at_once.to_owned(), Some(Needs::Gil)),
            (calls.to_owned(), Some(Needs::No)),
            ("int helper(void) { return 0; }".to_owned(), None),
        ] {
            // Rust links by this compiler, but not on every machine.
            let Ok(found) = compiled(&definition) else { return };
            assert_eq!(found, needs, "{definition}");
        }
    }

    #[test]
    fn what_is_no_library_is_not_known() {
        assert_eq!(of_bytes(b"no library"), Some(Needs::NotKnown));
        assert_eq!(of_bytes(b""), Some(Needs::NotKnown));
    }
}
