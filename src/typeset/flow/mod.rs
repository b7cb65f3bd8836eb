//! From the blocks of an article to pieces in reading order: paragraphs, lists, tables, figures, notes. The structure
//! tree grows along the way.

pub(super) mod apart;
pub(super) mod blocks;
pub(super) mod definitions;
pub(super) mod figures;
pub(super) mod inlines;
pub(super) mod notes;
pub(super) mod setter;
pub(super) mod tables;
