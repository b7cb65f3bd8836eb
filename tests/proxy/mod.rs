//! The proxy from outside, with a site behind it that redirects, dawdles, dies and lies.

mod caching;
mod coding;
mod doors;
mod hostile;
mod notice;
mod pages;
mod pass;
mod print;
mod settings;
mod site;

use std::net::SocketAddr;
use std::time::Duration;

use crate::http::{Answer, ask, start};
use clearprint::internals::server::{Config, SiteConfig};
use site::Site;

fn proxy(site: &Site) -> SocketAddr {
    with(site.config())
}

fn with(site: SiteConfig) -> SocketAddr {
    let mut limits = Config::default().limits;
    limits.fetch = Duration::from_secs(2);
    start(Config { site: Some(site), limits, ..Config::default() })
}

fn get(at: SocketAddr, target: &str) -> Answer {
    ask(at, "GET", target, "", b"")
}
