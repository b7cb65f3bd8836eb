//! Many articles to one publication.
