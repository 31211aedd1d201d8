"""Machine-readable description of a release: Croissant 1.0 with the RAI vocabulary 1.0.

Croissant does not check the hashes of a file set; the signed manifest does. Lists of structures
(``redactions``) have no term of their own in the format and are left to the README.
"""

import json
from typing import Any

import pyarrow as pa

from schemas.safe import EVENTS_SCHEMA, SESSIONS_SCHEMA
from transforms.dataset.documents import wording as claims
from transforms.dataset.manifest import Manifest

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_MIME = "application/x-parquet"


def render_croissant(manifest: Manifest) -> str:
    """Render the description as JSON-LD."""
    tables = {} if claims.is_tables_alone(manifest) else {"events": EVENTS_SCHEMA, "sessions": SESSIONS_SCHEMA}
    document = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": manifest.dataset,
        "description": f"{claims.TITLE}. {claims.PURPOSE} {claims.storage(manifest)}",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "citeAs": f"keyveil release {manifest.release_id}",
        "license": claims.LICENCE,
        "url": f"urn:keyveil:release:{manifest.release_id}",
        "version": f"{manifest.schema_version}.0.0",
        **_date(manifest),
        "distribution": [_files(name) for name in tables] + [_file(manifest, at) for at in range(len(manifest.shards))],
        "recordSet": [_records(name, schema) for name, schema in tables.items()],
        **_responsible(manifest),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _date(manifest: Manifest) -> dict[str, str]:
    """Return the last day of the window as date of publication; without a window a release discloses no date."""
    last = claims.last_day(manifest)
    return {} if last is None else {"datePublished": last}


def _files(table: str) -> dict[str, Any]:
    description = f"all files of the table {table}"
    return {
        "@type": "cr:FileSet",
        "@id": f"{table}-files",
        "name": f"{table}-files",
        "description": description,
        "encodingFormat": _MIME,
        "includes": f"{table}/*.parquet",
    }


def _file(manifest: Manifest, at: int) -> dict[str, Any]:
    shard = manifest.shards[at]
    return {
        "@type": "cr:FileObject",
        "@id": shard.path,
        "name": shard.path,
        "description": f"{shard.rows} rows, as signed in the manifest",
        "contentUrl": shard.path,
        "contentSize": f"{shard.bytes} B",
        "encodingFormat": _MIME,
        "sha256": shard.sha256,
    }


def _records(table: str, schema: pa.Schema) -> dict[str, Any]:
    fields = [_field(table, column) for column in schema if not _is_nested(column.type)]
    return {"@type": "cr:RecordSet", "@id": table, "name": table, "description": f"one row of {table}", "field": fields}


def _field(table: str, column: pa.Field) -> dict[str, Any]:
    form = {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": f"{table}/{column.name}",
        "description": column.metadata[b"description"].decode(),
        "dataType": _data_type(column.type),
        "source": {"fileSet": {"@id": f"{table}-files"}, "extract": {"column": column.name}},
    }
    return form | ({"repeated": True} if pa.types.is_list(column.type) else {})


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "sc:Integer"
    return "sc:Boolean" if pa.types.is_boolean(kind) else "sc:Text"


def _is_nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_struct(kind.value_type if pa.types.is_list(kind) else kind))


def _responsible(manifest: Manifest) -> dict[str, Any]:
    return {
        "rai:dataCollection": "Recordings of computer use by people who agreed to it. " + claims.consent(manifest),
        "rai:dataCollectionType": ["Direct Measurement"],
        "rai:dataPreprocessingProtocol": list(claims.REMOVED),
        "rai:dataUseCases": [claims.PURPOSE, *(f"Prohibited: {use}" for use in claims.PROHIBITED)],
        "rai:dataLimitations": [*claims.GAPS, claims.exactness(manifest)],
        "rai:dataBiases": [claims.GAPS[-1]],
        "rai:personalSensitiveInformation": [claims.guarantee(item) for item in manifest.noise] + [claims.GAPS[0]],
        "rai:dataReleaseMaintenancePlan": claims.ERASE,
    }
