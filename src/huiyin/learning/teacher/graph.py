"""The teacher's layers as a graph for onnxruntime: 8-bit weights, activations rounded as they come, one text at a time.

Weights are rounded to −63..63: a processor without VNNI instructions adds pairs of products in 16 bits, and with larger ones they overflow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from huiyin.learning.teacher.carried import Carried

INPUT, OUTPUT = "rows", "mean"
_LARGEST = 63
_FUSED = "com.microsoft"
_OPSETS = {"": 20, _FUSED: 1}
_VERSION = 10


@dataclass(slots=True)
class _Graph:
    carried: Carried
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(onnx.numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], out: str, domain: str = _FUSED, **options: Any) -> str:
        self.nodes.append(onnx.helper.make_node(kind, inputs, [out], domain=domain, **options))
        return out

    def linear(self, rows: str, parts: list[str], columns: int, out: str) -> str:
        """`rows` times the matrices `parts` side by side, plus their biases."""
        weights = np.concatenate([self.carried.matrix(f"{part}.w", columns) for part in parts]).T
        scale = np.maximum(np.abs(weights).max(axis=0) / _LARGEST, 1e-12)
        inputs = [
            rows,
            self.constant(f"{out}.w", np.round(weights / scale).astype(np.int8)),
            self.constant(f"{out}.s", scale.astype(np.float32)),
            self.constant(f"{out}.z", np.zeros(weights.shape[1], np.int8)),
            self.constant(f"{out}.b", np.concatenate([self.carried.vector(f"{part}.b") for part in parts])),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, out)

    def added(self, rows: str, before: str, name: str, out: str) -> str:
        """The normed sum of `rows` and what stood before them."""
        inputs = [rows, before, *(self.constant(f"{name}.{part}", self.carried.vector(f"{name}.{part}")) for part in "wb")]
        return self.node("SkipLayerNormalization", inputs, out, epsilon=self.carried.epsilon)

    def layer(self, rows: str, name: str) -> str:
        """One layer of attention and its feed-forward part."""
        width, inner = self.carried.shape.width, self.carried.shape.inner
        joined = self.linear(rows, [f"{name}.{part}" for part in "qkv"], width, f"{name}.qkv")
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self.nodes.append(onnx.helper.make_node("Split", [joined], parts, axis=-1, num_outputs=3))
        seen = self.node("MultiHeadAttention", parts, f"{name}.seen", num_heads=self.carried.shape.heads)
        rows = self.added(self.linear(seen, [f"{name}.ao"], width, f"{name}.said"), rows, f"{name}.aln", f"{name}.half")
        bent = self.node("Gelu", [self.linear(rows, [f"{name}.fi"], width, f"{name}.wide")], f"{name}.bent")
        return self.added(self.linear(bent, [f"{name}.fo"], inner, f"{name}.narrow"), rows, f"{name}.oln", f"{name}.out")


def built(carried: Carried) -> bytes:
    """A graph from the summed rows of a text's pieces and positions (1, pieces, width) to their mean after all layers (1, width)."""
    graph, shape = _Graph(carried), carried.shape
    norm = [graph.constant(f"emb.ln.{part}", carried.vector(f"emb.ln.{part}")) for part in "wb"]
    rows = graph.node("LayerNormalization", [INPUT, *norm], "first", domain="", epsilon=carried.epsilon, axis=-1)
    for at in range(shape.layers):
        rows = graph.layer(rows, f"l{at}")
    graph.node("ReduceMean", [rows, graph.constant("axis", np.array([1], np.int64))], OUTPUT, domain="", keepdims=0)
    ends = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, sizes)
        for name, sizes in ((INPUT, [1, "pieces", shape.width]), (OUTPUT, [1, shape.width]))
    ]
    whole = onnx.helper.make_graph(graph.nodes, "teacher", ends[:1], ends[1:], graph.constants)
    opsets = [onnx.helper.make_opsetid(*one) for one in _OPSETS.items()]
    return bytes(onnx.helper.make_model(whole, opset_imports=opsets, ir_version=_VERSION).SerializeToString())
