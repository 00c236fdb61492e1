"""Trains a small model in PyTorch, saves it for `inkstream import` and prints what it completes, as one line of JSON.

  python train_small_model.py FILE.safetensors CELL EMBEDDING
"""
import json
import pathlib
import sys

import torch
from torch.nn import functional as F

sys.path.append(str(pathlib.Path(__file__).parents[2] / "main" / "python"))
from inkstream_model import UNKNOWN, RecurrentLanguageModel, complete, save  # noqa: E402

path, cell, embedding = sys.argv[1], sys.argv[2], int(sys.argv[3])
text = "the river carries the old press and the press prints the river " * 4
vocabulary = [UNKNOWN, *dict.fromkeys(text)]
ids = torch.tensor([vocabulary.index(c) for c in text])

torch.manual_seed(1)
model = RecurrentLanguageModel(cell, len(vocabulary), 24, 2, embedding)
rule = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(60):
    logits, _ = model(ids[:-1].unsqueeze(1))
    loss = F.cross_entropy(logits, ids[1:])
    rule.zero_grad()
    loss.backward()
    rule.step()
save(path, model, vocabulary, cell, perplexity=str(loss.exp().item()))
print(json.dumps(dict(completion=complete(model, vocabulary, "the old ", 40), perplexity=loss.exp().item())))
