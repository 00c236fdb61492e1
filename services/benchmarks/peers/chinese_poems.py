"""The Chinese poems as the Keras lesson trains them, in plain PyTorch: what the preset chinese-poems is compared with.

One layer of 256 tanh units on one-hot code points, a linear layer on top; input and output weights Glorot uniform, recurrent
weights orthogonal, biases zero; batch 32, window 35, sequential minibatches from a random offset, the state carried on; SGD with
learning rate 100 and the gradient clipped to a norm of 0.01; 250 epochs of the first 10,000 characters, line ends included.

  python chinese_poems.py tang_poems.txt [SEED [THREADS [EPOCHS]]]

Prints one line of JSON. Needs: pip install torch numpy
"""
import json
import math
import random
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, WINDOW, HIDDEN, TOKENS, RATE, CLIP = 32, 35, 256, 10_000, 100.0, 0.01


def main(book, seed=1, threads=2, epochs=250):
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    random.seed(seed)
    with open(book, encoding="utf-8-sig") as file:
        text = file.read()[:TOKENS]
    ids = {character: i + 1 for i, character in enumerate(dict.fromkeys(text))}
    vocabulary = len(ids) + 1
    corpus = torch.tensor([ids[character] for character in text])

    rnn, linear = nn.RNN(vocabulary, HIDDEN), nn.Linear(HIDDEN, vocabulary)
    nn.init.xavier_uniform_(rnn.weight_ih_l0)
    nn.init.orthogonal_(rnn.weight_hh_l0)
    nn.init.xavier_uniform_(linear.weight)
    for bias in (rnn.bias_ih_l0, rnn.bias_hh_l0, linear.bias):
        nn.init.zeros_(bias)
    parameters = [*rnn.parameters(), *linear.parameters()]

    started, perplexity = time.perf_counter(), None
    for _ in range(epochs):
        offset = random.randint(0, WINDOW)
        length = (len(corpus) - offset - 1) // BATCH
        lanes = corpus[offset:offset + length * BATCH].reshape(BATCH, length)
        targets = corpus[offset + 1:offset + 1 + length * BATCH].reshape(BATCH, length)
        state, total, count = torch.zeros(1, BATCH, HIDDEN), 0.0, 0
        for i in range(0, length // WINDOW * WINDOW, WINDOW):
            x = F.one_hot(lanes[:, i:i + WINDOW].T, vocabulary).float()
            y = targets[:, i:i + WINDOW].T.reshape(-1)
            hidden, state = rnn(x, state.detach())
            loss = F.cross_entropy(linear(hidden.reshape(-1, HIDDEN)), y)
            for p in parameters:
                p.grad = None
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, CLIP)
            with torch.no_grad():
                for p in parameters:
                    p -= RATE * p.grad
            total, count = total + loss.item() * len(y), count + len(y)
        perplexity = math.exp(total / count)
    print(json.dumps(dict(peer="torch " + torch.__version__, seed=seed, threads=threads, vocabulary=vocabulary, epochs=epochs,
                          perplexity=round(perplexity, 3), tokens_per_second=round(epochs * count / (time.perf_counter() - started)))))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
