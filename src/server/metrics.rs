//! What the service counts, in Prometheus's text form.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// The doors that requests come in by; few and fixed, so that no address can make the list grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Page,
    Print,
    Api,
    Asset,
    Other,
}

const DOORS: [(Door, &str); 5] =
    [(Door::Page, "page"), (Door::Print, "print"), (Door::Api, "api"), (Door::Asset, "asset"), (Door::Other, "other")];
/// Upper bounds of the histogram, in milliseconds.
const BOUNDS: [u64; 9] = [5, 10, 25, 50, 100, 250, 1_000, 2_500, 10_000];
/// Classes of status: 1xx to 5xx.
const CLASSES: usize = 5;

#[derive(Default)]
struct Counted {
    by_class: [AtomicU64; CLASSES],
    within: [AtomicU64; BOUNDS.len()],
    micros: AtomicU64,
}

/// The counters. All of them only grow, but for the requests in flight.
#[derive(Default)]
pub(super) struct Metrics {
    doors: [Counted; DOORS.len()],
    pub(super) in_flight: AtomicU64,
    pub(super) upstream_errors: AtomicU64,
    pub(super) bytes_out: AtomicU64,
    pub(super) removed: AtomicU64,
    pub(super) broken_off: AtomicU64,
    pub(super) cache_hits: AtomicU64,
    /// Requests that found no room.
    pub(super) rejected: AtomicU64,
}

impl Metrics {
    /// Counts one answer, and how long its head took.
    pub(super) fn count(&self, door: Door, status: u16, took: Duration) {
        let counted = &self.doors[door as usize];
        counted.by_class[usize::from(status / 100).clamp(1, CLASSES) - 1].fetch_add(1, Relaxed);
        if matches!(status, 429 | 503) {
            self.rejected.fetch_add(1, Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        counted.micros.fetch_add(micros, Relaxed);
        for (bound, within) in BOUNDS.iter().zip(&counted.within) {
            if micros <= bound * 1000 {
                within.fetch_add(1, Relaxed);
            }
        }
    }

    /// All of it, with what waits and runs in the pool.
    pub(super) fn text(&self, waiting: usize, running: usize) -> String {
        let mut out = String::with_capacity(4 << 10);
        let _ = writeln!(
            out,
            "# HELP clearprint_requests_total Answers by door and class of status.\n# TYPE clearprint_requests_total counter"
        );
        for (door, name) in DOORS {
            for (class, count) in self.doors[door as usize].by_class.iter().enumerate() {
                let count = count.load(Relaxed);
                if count > 0 {
                    let _ = writeln!(
                        out,
                        "clearprint_requests_total{{door=\"{name}\",status=\"{}xx\"}} {count}",
                        class + 1
                    );
                }
            }
        }
        let _ = writeln!(
            out,
            "# HELP clearprint_head_seconds Time until the head of an answer.\n# TYPE clearprint_head_seconds histogram"
        );
        for (door, name) in DOORS {
            let counted = &self.doors[door as usize];
            let all: u64 = counted.by_class.iter().map(|c| c.load(Relaxed)).sum();
            if all == 0 {
                continue;
            }
            for (bound, within) in BOUNDS.iter().zip(&counted.within) {
                let (seconds, within) = (*bound as f64 / 1000.0, within.load(Relaxed));
                let _ = writeln!(out, "clearprint_head_seconds_bucket{{door=\"{name}\",le=\"{seconds}\"}} {within}");
            }
            let sum = counted.micros.load(Relaxed) as f64 / 1e6;
            let _ = writeln!(
                out,
                "clearprint_head_seconds_bucket{{door=\"{name}\",le=\"+Inf\"}} {all}\nclearprint_head_seconds_sum{{door=\"{name}\"}} {sum}\n\
                 clearprint_head_seconds_count{{door=\"{name}\"}} {all}"
            );
        }
        for (name, kind, help, value) in [
            (
                "requests_in_flight",
                "gauge",
                "Requests whose head has not been answered yet.",
                self.in_flight.load(Relaxed),
            ),
            ("work_waiting", "gauge", "Pieces of heavy work that wait.", waiting as u64),
            ("work_running", "gauge", "Pieces of heavy work that run.", running as u64),
            (
                "upstream_errors_total",
                "counter",
                "Requests to the site that brought no answer.",
                self.upstream_errors.load(Relaxed),
            ),
            ("streamed_bytes_total", "counter", "Bytes of themed pages handed on.", self.bytes_out.load(Relaxed)),
            (
                "removed_elements_total",
                "counter",
                "Elements that rules took out of streamed pages.",
                self.removed.load(Relaxed),
            ),
            ("cache_hits_total", "counter", "Pages given from memory, themed before.", self.cache_hits.load(Relaxed)),
            ("rejected_total", "counter", "Answers 429 and 503: there was no room.", self.rejected.load(Relaxed)),
            (
                "broken_off_total",
                "counter",
                "Pages that broke off after their head had left.",
                self.broken_off.load(Relaxed),
            ),
        ] {
            let _ = writeln!(
                out,
                "# HELP clearprint_{name} {help}\n# TYPE clearprint_{name} {kind}\nclearprint_{name} {value}"
            );
        }
        out
    }
}

/// What the system says of the process, where it says so, and which program it is.
pub(super) fn of_process() -> String {
    let mut out = String::new();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    let descriptors = std::fs::read_dir("/proc/self/fd").ok().map(|all| all.count() as u64);
    for (name, help, value) in [
        ("process_resident_memory_bytes", "Resident memory size in bytes.", resident.map(|kilobytes| kilobytes << 10)),
        ("process_open_fds", "Number of open file descriptors.", descriptors),
    ] {
        if let Some(value) = value {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
    }
    let _ = writeln!(
        out,
        "# HELP clearprint_build_info The program.\n# TYPE clearprint_build_info gauge\nclearprint_build_info{{version=\"{}\"}} 1",
        env!("CARGO_PKG_VERSION")
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_histogram_is_cumulative_and_ends_at_the_count() {
        let metrics = Metrics::default();
        metrics.count(Door::Page, 200, Duration::from_millis(7));
        metrics.count(Door::Page, 502, Duration::from_secs(60));
        let text = metrics.text(3, 1);
        for line in [
            "clearprint_requests_total{door=\"page\",status=\"2xx\"} 1",
            "clearprint_requests_total{door=\"page\",status=\"5xx\"} 1",
            "clearprint_head_seconds_bucket{door=\"page\",le=\"0.005\"} 0",
            "clearprint_head_seconds_bucket{door=\"page\",le=\"0.01\"} 1",
            "clearprint_head_seconds_bucket{door=\"page\",le=\"10\"} 1",
            "clearprint_head_seconds_bucket{door=\"page\",le=\"+Inf\"} 2",
            "clearprint_head_seconds_count{door=\"page\"} 2",
            "clearprint_work_waiting 3",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
        }
    }
}
