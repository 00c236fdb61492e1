"""Makes src/test/resources/processors/cpu_capability.pt: a module of TorchScript that answers which kernels PyTorch chose for this
processor (DEFAULT, AVX2 or AVX512). Python asks torch.backends.cpu.get_cpu_capability(); from Java there is no other way to ask.

  python cpu_capability.py src/test/resources/processors/cpu_capability.pt
"""
import sys

import torch


class CpuCapability(torch.nn.Module):
    def forward(self) -> str:
        return torch.ops.aten._get_cpu_capability()


torch.jit.script(CpuCapability()).save(sys.argv[1])
