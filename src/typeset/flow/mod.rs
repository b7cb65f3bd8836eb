//! From the blocks of an article to pieces in reading order: paragraphs, lists, tables, figures, notes. The structure
//! tree grows along the way.

pub(crate) mod apart;
pub(crate) mod blocks;
pub(crate) mod definitions;
pub(crate) mod figures;
pub(crate) mod inlines;
pub(crate) mod notes;
pub(crate) mod setter;
pub(crate) mod tables;
