//! What can be measured here, and how to get more.
//!
//! Each check tries what a run would do, on this process or on a child of its own.

use crate::probe::Unavailable;

/// One thing that a run would like to use.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Capability {
    /// What it is called in the table and in the JSON.
    pub name: &'static str,
    /// Whether it works here.
    pub ok: bool,
    /// What was found.
    pub detail: String,
    /// What would make it work, where something would.
    pub remedy: Option<String>,
}

impl Capability {
    fn fine(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: true, detail: detail.into(), remedy: None }
    }

    #[cfg(target_os = "linux")]
    fn bad(name: &'static str, detail: impl Into<String>, remedy: &str) -> Self {
        let remedy = (!remedy.is_empty()).then(|| remedy.to_owned());
        Self { name, ok: false, detail: detail.into(), remedy }
    }

    fn tried(name: &'static str, result: Result<String, Unavailable>) -> Self {
        match result {
            Ok(detail) => Self::fine(name, detail),
            Err(why) => Self { name, ok: false, detail: why.reason, remedy: why.remedy },
        }
    }
}

/// Tries everything that a run would use.
#[must_use]
pub fn doctor() -> Vec<Capability> {
    let checks = vec![
        Capability::tried("context switches", switches()),
        Capability::tried("sampled CPU time", accounting()),
        Capability::tried("waits and the GIL", preload()),
    ];
    #[cfg(target_os = "linux")]
    let checks = checks.into_iter().chain(linux::checks()).collect();
    checks
}

/// Attaches the probe as a run would and gives it back.
fn attach(mut probe: Box<dyn crate::probe::Probe>) -> Result<(), Unavailable> {
    probe.attach()?;
    probe.finish(crate::clock::now(), &mut Vec::new());
    Ok(())
}

fn switches() -> Result<String, Unavailable> {
    attach(crate::probe::perf())?;
    Ok("exact, by perf_event_open".into())
}

fn accounting() -> Result<String, Unavailable> {
    attach(crate::probe::schedstat())?;
    Ok("by /proc/PID/task/TID/schedstat".into())
}

fn preload() -> Result<String, Unavailable> {
    let mut probe = crate::probe::marks::Marks::new(true);
    crate::probe::Probe::attach(&mut probe)?;
    Ok("exact, by a preloaded library".into())
}

#[cfg(target_os = "linux")]
mod linux {
    use super::Capability;
    use crate::probe::{procfs, switches, sys};
    use nix::sys::resource::{Resource, getrlimit};
    use std::process::{Command, Stdio};

    /// Enough for the probes and a pool of some hundred workers.
    const FILES: u64 = 1024;
    /// A share of steal time since the machine started that spoils timings, in percent.
    const STEAL: f64 = 2.0;

    pub fn checks() -> Vec<Capability> {
        vec![waits(), paranoid(), ptrace(), files(), affinity(), quota(), steal()]
    }

    /// On a child that waits for its input.
    fn waits() -> Capability {
        let name = "sampled waits";
        if let Err(why) = procfs::usable() {
            return Capability::tried(name, Err(why));
        }
        let child = Command::new("sleep").arg("5").stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let Ok(mut child) = child else { return Capability::fine(name, "by /proc/PID/syscall; not tried on a child") };
        let read = std::fs::read(format!("/proc/{}/syscall", child.id()));
        // It has served its purpose; an error means that it has ended already.
        let _ = child.kill();
        let _ = child.wait();
        match read {
            Ok(_) => Capability::fine(name, "by /proc/PID/task/TID/syscall"),
            Err(error) => Capability::bad(
                name,
                format!("/proc/PID/syscall of a child cannot be read: {error}"),
                "sudo sysctl kernel.yama.ptrace_scope=1, and no seccomp filter that forbids ptrace",
            ),
        }
    }

    fn paranoid() -> Capability {
        let name = "kernel.perf_event_paranoid";
        match switches::paranoid() {
            Some(level) if level <= 2 => Capability::fine(name, format!("{level}: users may watch their own programs")),
            Some(level) => Capability::bad(name, level.to_string(), "sudo sysctl kernel.perf_event_paranoid=2"),
            None => Capability::bad(name, "not there", "use a kernel with CONFIG_PERF_EVENTS, outside a sandbox"),
        }
    }

    fn ptrace() -> Capability {
        let name = "kernel.yama.ptrace_scope";
        match procfs::ptrace_scope() {
            None => Capability::fine(name, "not there: no limit"),
            Some(scope @ 0..=1) => Capability::fine(name, format!("{scope}: a parent may look into its children")),
            Some(scope) => Capability::bad(name, scope.to_string(), "sudo sysctl kernel.yama.ptrace_scope=1"),
        }
    }

    fn files() -> Capability {
        let name = "open files (ulimit -n)";
        match getrlimit(Resource::RLIMIT_NOFILE) {
            Ok((soft, _)) if soft >= FILES => Capability::fine(name, soft.to_string()),
            Ok((soft, _)) => Capability::bad(name, soft.to_string(), &format!("ulimit -n {FILES}")),
            Err(error) => Capability::bad(name, error.to_string(), ""),
        }
    }

    fn affinity() -> Capability {
        let name = "cores that may be used";
        let (allowed, online) = (sys::allowed_cores(), sys::online_cores().len());
        let detail = format!("{allowed} of {online}");
        match allowed {
            1 => Capability::bad(name, detail, "one core shows no parallelism: widen the affinity (taskset, cpuset)"),
            _ => Capability::fine(name, detail),
        }
    }

    fn quota() -> Capability {
        let name = "CPU quota of the cgroup";
        let cgroup = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        match super::quota::find(&cgroup, &|path| std::fs::read_to_string(path).ok()) {
            None => Capability::fine(name, "none"),
            Some(cores) if cores >= 2.0 => Capability::fine(name, format!("{cores:.2} cores")),
            Some(cores) => {
                Capability::bad(name, format!("{cores:.2} cores"), "give the container two cores or more (--cpus)")
            }
        }
    }

    fn steal() -> Capability {
        let name = "steal time";
        let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
        match super::steal_percent(&stat) {
            None => Capability::fine(name, "not told"),
            Some(part) if part < STEAL => Capability::fine(name, format!("{part:.1} % since the machine started")),
            Some(part) => Capability::bad(
                name,
                format!("{part:.1} % since the machine started"),
                "the host is busy with others: measure at a quieter time",
            ),
        }
    }
}

/// The share of all time that the hypervisor gave to others, by `/proc/stat`.
#[cfg(target_os = "linux")]
#[expect(clippy::cast_precision_loss, reason = "a percentage")]
fn steal_percent(stat: &str) -> Option<f64> {
    // cpu  user nice system idle iowait irq softirq steal guest guest_nice
    let fields: Vec<u64> =
        stat.lines().next()?.split_ascii_whitespace().skip(1).map_while(|f| f.parse().ok()).collect();
    // Guests are part of user time already.
    let (steal, total) = (*fields.get(7)?, fields.iter().take(8).sum::<u64>());
    (total > 0).then(|| steal as f64 * 100.0 / total as f64)
}

/// The limit that control groups set on CPU time.
#[cfg(target_os = "linux")]
mod quota {
    /// The strictest quota, in cores, of the groups that `cgroup` (`/proc/self/cgroup`) names and of those above.
    pub fn find(cgroup: &str, read: &dyn Fn(&str) -> Option<String>) -> Option<f64> {
        let mut least: Option<f64> = None;
        for line in cgroup.lines() {
            // 0::/user.slice or 4:cpu,cpuacct:/docker/1f2e
            let mut parts = line.splitn(3, ':').skip(1);
            let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
            let mut group = path.trim_end_matches('/');
            loop {
                let cores = match controllers {
                    "" => read(&format!("/sys/fs/cgroup{group}/cpu.max")).and_then(|text| version_2(&text)),
                    list if list.split(',').any(|c| c == "cpu") => {
                        version_1(&format!("/sys/fs/cgroup/{list}{group}"), read)
                            .or_else(|| version_1(&format!("/sys/fs/cgroup/cpu{group}"), read))
                    }
                    _ => None,
                };
                least = [least, cores].into_iter().flatten().reduce(f64::min);
                match group.rfind('/') {
                    Some(cut) => group = &group[..cut],
                    None => break,
                }
            }
        }
        least
    }

    /// `cpu.max`: quota and period in microseconds, or `max`.
    fn version_2(text: &str) -> Option<f64> {
        let mut fields = text.split_ascii_whitespace().map(str::parse::<f64>);
        let (quota, period) = (fields.next()?.ok()?, fields.next()?.ok()?);
        (period > 0.0).then_some(quota / period)
    }

    fn version_1(folder: &str, read: &dyn Fn(&str) -> Option<String>) -> Option<f64> {
        let value = |name| read(&format!("{folder}/{name}"))?.trim().parse::<f64>().ok().filter(|v| *v > 0.0);
        Some(value("cpu.cfs_quota_us")? / value("cpu.cfs_period_us")?)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn quota_of(cgroup: &str, files: &[(&str, &str)]) -> Option<f64> {
        let files: HashMap<_, _> = files.iter().copied().collect();
        quota::find(cgroup, &|path| files.get(path).map(ToString::to_string))
    }

    #[test]
    fn the_strictest_quota_of_the_groups_above_counts() {
        let files = [
            ("/sys/fs/cgroup/a/cpu.max", "150000 100000\n"),
            ("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n"),
            ("/sys/fs/cgroup/cpu.max", "400000 100000\n"),
        ];
        assert_eq!(quota_of("0::/a/b\n", &files), Some(1.5));
        assert_eq!(quota_of("0::/\n", &files), Some(4.0));
        assert_eq!(quota_of("0::/a/b\n", &[]), None);
    }

    #[test]
    fn version_1_groups_have_quota_and_period_in_two_files() {
        let files = [
            ("/sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us", "50000\n"),
            ("/sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us", "100000\n"),
            ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n"),
            ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"),
        ];
        assert_eq!(quota_of("5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n", &files), Some(0.5));
    }

    #[test]
    fn steal_is_a_part_of_all_time_without_counting_guests_twice() {
        assert_eq!(steal_percent("cpu  40 0 10 40 0 0 0 10 30 0\ncpu0 1 1\n"), Some(10.0));
        assert_eq!(steal_percent("cpu  40 0\n"), None);
        assert_eq!(steal_percent(""), None);
    }

    #[test]
    fn every_check_that_fails_says_why() {
        let checks = doctor();
        assert!(checks.len() >= 9, "{checks:?}");
        assert!(checks.iter().all(|c| !c.detail.is_empty()), "{checks:?}");
    }
}
