"""Writes a trained net as int8 ONNX with its tokenizer and a manifest, ready for `LearnedPart`."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from torch import nn

from training.corpus import TYPES
from training.nets import HIDDEN, Net, start_folder
from trucewatch.reading.windows import LENGTH, OVERLAP

VERSION = "0.4.0"
LEAST_TRIGGER, LEAST_PASSAGE = 0.1, 0.3


def export(net: Net, folder: Path, trained: str = "") -> None:
    """The folder holds encoder, heads and pairs as ONNX, the tokenizer, and the manifest with their checksums.

    Matrices and embeddings are int8, one scale a column; the heads, asked about many runs, stay float32.
    `trained` says in the manifest what the net has seen. `reduce_range` keeps the products of processors without VNNI
    from saturating.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    net.eval()
    asks, gives = ["hidden", "spread", "apart", "kind"], ["means", "facts", "fills"]
    _write(net.heads, folder / "heads.onnx", _heads_example(), asks, gives)
    rows = torch.zeros(5, HIDDEN)
    wholes: tuple[tuple[str, nn.Module, tuple[torch.Tensor, ...], list[str], list[str]], ...] = (
        ("encoder", net.encoder, _encoder_example(), ["ids", "segments"], ["hidden", "tags", "passages"]),
        ("pairs", net.pairs, (rows, rows.clone()), ["left", "right"], ["same"]),
    )
    with tempfile.TemporaryDirectory() as scratch:
        for name, part, example, asks, gives in wholes:
            plain = Path(scratch) / f"{name}.onnx"
            _write(part, plain, example, asks, gives)
            quantize_dynamic(
                plain,
                folder / f"{name}.onnx",
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            )
    shutil.copyfile(start_folder() / "tokenizer.json", folder / "tokenizer.json")
    write_manifest(folder, trained)


def write_manifest(folder: Path, trained: str) -> None:
    """The manifest fits the files that stand in the folder."""
    names = ("encoder.onnx", "heads.onnx", "pairs.onnx", "tokenizer.json")
    manifest = {
        "version": VERSION,
        "trained": trained,
        "window": LENGTH,
        "overlap": OVERLAP,
        "types": list(TYPES),
        "least_trigger": LEAST_TRIGGER,
        "least_passage": LEAST_PASSAGE,
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def _encoder_example() -> tuple[torch.Tensor, ...]:
    return torch.ones(1, 11, dtype=torch.long), torch.ones(1, 11, dtype=torch.long)


def _heads_example() -> tuple[torch.Tensor, ...]:
    whole = torch.zeros(3, 11, dtype=torch.long)
    return torch.zeros(11, HIDDEN), torch.zeros(3, 11), whole, torch.zeros(3, dtype=torch.long)


_AXES = {
    "ids": {1: "pieces"},
    "segments": {1: "pieces"},
    "hidden": {0: "pieces"},
    "spread": {0: "runs", 1: "pieces"},
    "apart": {0: "runs", 1: "pieces"},
    "kind": {0: "runs"},
    "left": {0: "runs"},
    "right": {0: "runs"},
}


def _write(part: nn.Module, path: Path, example: tuple[torch.Tensor, ...], asks: list[str], gives: list[str]) -> None:
    torch.onnx.export(
        part,
        example,
        str(path),
        input_names=asks,
        output_names=gives,
        dynamic_axes={name: _AXES[name] for name in asks},
        opset_version=17,
        dynamo=False,
    )
