//! What has to go and what must stay.
