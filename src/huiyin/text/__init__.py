"""Reading one voice: normalise, mask, split into opinions, tag. Pure functions over batches of texts."""

from huiyin.text.heads import ModelError
from huiyin.text.masking import mask
from huiyin.text.reader import Reader
from huiyin.text.reading import Reading
from huiyin.text.taxonomy import PACKS, Taxonomy, TaxonomyError
from huiyin.text.taxonomy import load as load_taxonomy

__all__ = ["PACKS", "ModelError", "Reader", "Reading", "Taxonomy", "TaxonomyError", "load_taxonomy", "mask"]
