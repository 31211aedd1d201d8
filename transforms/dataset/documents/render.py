"""Documents of a release: rendered from the unsigned predicate, and signed with it."""

import hashlib
from dataclasses import replace

from transforms.dataset.documents.card import render_card
from transforms.dataset.documents.croissant import render_croissant
from transforms.dataset.documents.html_report import render_report
from transforms.dataset.layout import ReleaseLayout
from transforms.dataset.manifest import DocumentRecord, Manifest
from transforms.object_store.interface import ObjectStore, put


def render_documents(manifest: Manifest) -> dict[str, bytes]:
    """Render each document, by name; equal manifests give equal bytes."""
    predicate = replace(manifest, documents=())
    texts = {
        "README.md": render_card(predicate),
        "croissant.json": render_croissant(predicate),
        "report.html": render_report(predicate),
    }
    return {name: text.encode() for name, text in texts.items()}


def attach_documents(manifest: Manifest) -> Manifest:
    """Add the records of its documents to a manifest, which is then ready to be signed."""
    records = tuple(
        DocumentRecord(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in render_documents(manifest).items()
    )
    return replace(manifest, documents=records)


def write_documents(store: ObjectStore, layout: ReleaseLayout, manifest: Manifest) -> None:
    """Write the documents of ``manifest``, replacing those of a stopped attempt.

    Documents that another version of keyveil signed are left: only that version renders the same bytes.
    """
    signed = {record.path: record.sha256 for record in manifest.documents}
    for name, content in render_documents(manifest).items():
        if signed.get(name) == hashlib.sha256(content).hexdigest():
            put(store, layout.document(name), content)
