"""All scanners, in the order in which they look at a file."""

from __future__ import annotations

from artifacts.rules.scanning import (
    chat_templates,
    custom_code,
    gguf_headers,
    keras_layers,
    leaked_secrets,
    numpy_arrays,
    onnx_headers,
    packed,
    pickles,
    programs,
    saved_models,
    zips,
)
from artifacts.rules.scanning.look import Scanner

SCANNERS: tuple[Scanner, ...] = (
    pickles,
    zips,
    packed,
    numpy_arrays,
    keras_layers,
    gguf_headers,
    onnx_headers,
    saved_models,
    chat_templates,
    custom_code,
    leaked_secrets,
    programs,
)
