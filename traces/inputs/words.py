"""Counts words, and sorts objects by what they hold."""


class Word:
    def __init__(self, text):
        self.text = text
        self.count = 0
        self.next = {}

    def weight(self):
        return self.count * len(self.text) + len(self.next)


words = {}
last = None
with open("text") as file:
    for number, line in enumerate(file):
        if number == 1500:
            break
        for text in line.rstrip(".\n").split():
            word = words.setdefault(text, Word(text))
            word.count += 1
            if last is not None:
                last.next[text] = last.next.get(text, 0) + 1
            last = word
best = sorted(words.values(), key=lambda word: (-word.weight(), word.text))[:20]
print([(word.text, word.weight(), max(word.next, default="")) for word in best])
