"""ONNX sessions that are good neighbours: few threads, none of them spinning while it waits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime

MAX_THREADS = 4


def open_session(model: Path) -> onnxruntime.InferenceSession:
    """A session on the processor for the model file; spinning off and few threads cut the time under load."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = max(1, min(MAX_THREADS, os.cpu_count() or 1))
    options.inter_op_num_threads = 1
    options.add_session_config_entry('session.intra_op.allow_spinning', '0')
    return onnxruntime.InferenceSession(str(model), options, providers=['CPUExecutionProvider'])
