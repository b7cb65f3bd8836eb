//! `clearprint serve`: the HTTP service.

use std::net::SocketAddr;

use clap::Args;
use tracing_subscriber::EnvFilter;
use url::Url;

use super::args::LimitArgs;
use super::console::Console;
use super::{Outcome, args};
use crate::server::{self, Config};
use crate::{Error, Result};

/// Run the HTTP service
#[derive(Args, Debug)]
pub(super) struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", env = "CLEARPRINT_LISTEN")]
    listen: SocketAddr,

    /// Origin that `?url=` and pictures may be fetched from; repeatable
    #[arg(long, value_name = "ORIGIN", value_parser = args::web_address, env = "CLEARPRINT_ALLOW_ORIGIN", value_delimiter = ',')]
    allow_origin: Vec<Url>,

    #[command(flatten)]
    limits: LimitArgs,
}

impl Serve {
    pub(super) fn run(self, console: &Console) -> Result<Outcome> {
        let filter = EnvFilter::try_from_env("CLEARPRINT_LOG");
        let default = EnvFilter::new(if console.is_verbose() { "clearprint=debug" } else { "clearprint=info" });
        tracing_subscriber::fmt()
            .with_env_filter(filter.unwrap_or(default))
            .with_writer(std::io::stderr)
            .with_target(false)
            .init();
        let mut config = Config { listen: self.listen, allowed_origins: self.allow_origin, ..Config::default() };
        config.limits = self.limits.over(config.limits);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| {
            Error::Usage(format!("the system gives no event loop ({e}); raise the limit on open files"))
        })?;
        runtime.block_on(server::serve(config, |address| {
            console
                .notice(&format!("listening on http://{address}; POST a page to /v1/rewrite, /v1/article or /v1/pdf"));
        }))?;
        Ok(Outcome::Done)
    }
}
